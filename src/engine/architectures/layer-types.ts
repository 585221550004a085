import { atlasError } from '../../schema/errors/index.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { Visibility } from '../sequence.ts';

/** What `layer_types` calls the kinds of attention. */
export type LayerType = 'full_attention' | 'sliding_attention' | 'chunked_attention';

/**
 * The types of a model's layers: `layer_types`, or what the family makes of its older keys.
 *
 * @throws AtlasError `config-value-invalid` for other names or another number of them
 */
export function readLayerTypes<T extends string = LayerType>(
  config: ConfigReader,
  layers: number,
  fallback: (index: number) => T,
  known: readonly T[] = [
    'full_attention',
    'sliding_attention',
    'chunked_attention',
  ] as readonly string[] as readonly T[],
  key = 'layer_types',
): readonly T[] {
  const names = config.strings(key) ?? Array.from({ length: layers }, (_, index) => fallback(index));
  const isKnown = (name: string): name is T => known.some((type) => type === name);
  if (names.length === layers && names.every(isKnown)) return names;
  const expected = `${layers} names out of ${known.join(', ')}`;
  throw atlasError('config-value-invalid', { key, value: names, expected });
}

/** What layers of these types see; a window that is null lets sliding layers see all before. */
export function seenBy(
  types: readonly LayerType[],
  reach: { readonly window?: number | null; readonly chunk?: number },
): Visibility[] {
  const { window = null, chunk = 1 } = reach;
  return types.map((type) => {
    if (type === 'chunked_attention') return { kind: 'chunked', chunk };
    return type === 'sliding_attention' && window !== null ? { kind: 'sliding', window } : { kind: 'full' };
  });
}

/** The same sight for every layer: a window, or all before where it is null. */
export function everyLayer(layers: number, window: number | null): Visibility[] {
  return seenBy(
    Array.from({ length: layers }, () => 'sliding_attention'),
    { window },
  );
}

/** Qwen's layers: sliding from `max_window_layers` on, where `use_sliding_window` is set; else all full. */
export function readQwenLayers(config: ConfigReader, layers: number): Visibility[] {
  const isSliding = config.boolean('use_sliding_window', false);
  const given = config.nullableInteger('sliding_window', 4096);
  const first = config.integer('max_window_layers', 28, 0);
  const window = isSliding ? given : null;
  const types = readLayerTypes(config, layers, (index) =>
    window !== null && index >= first ? 'sliding_attention' : 'full_attention',
  );
  return seenBy(types, { window });
}

/** Older names of types of layers (transformers/configuration_utils.py). */
const OLDER_TYPES: Readonly<Record<string, string>> = {
  attention: 'full_attention',
  mamba: 'linear_attention',
};

/**
 * The types of a hybrid's layers, under their older or newer names.
 *
 * @throws AtlasError `config-value-invalid`
 */
export function readHybridTypes(
  config: ConfigReader,
  layers: number,
  fallback: (index: number) => 'full_attention' | 'linear_attention',
): readonly ('full_attention' | 'linear_attention')[] {
  const known = ['full_attention', 'linear_attention', 'attention', 'mamba'] as const;
  return readLayerTypes<(typeof known)[number]>(config, layers, fallback, known).map(
    (type) => (OLDER_TYPES[type] ?? type) as 'full_attention' | 'linear_attention',
  );
}
