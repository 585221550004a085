import { openHeader, type OpenedPack, type PackHeader } from '../../src/core/pack/header.ts';
import type { Store } from '../store/store.ts';
import type { PatternSource } from './plan.ts';
import { isProbeId } from './probe-prompts.ts';

/** Patterns that a store holds, whoever computed them. */
export interface StoredSource extends PatternSource {
  /** The model's sanitised name. */
  readonly model: string;
  readonly prompt: string;
}

const USUAL_HEADER_BYTES = 1 << 14;

/** Everything that the store holds patterns of, but for prompts that no page shows, ordered by model and prompt. */
export async function storedSources(store: Store): Promise<StoredSource[]> {
  const sources: StoredSource[] = [];
  for (const key of await store.keys('activations')) {
    const { model, prompt, stacks } = await packHeaderOf(store, 'activations', key);
    if (!isProbeId(prompt)) sources.push({ activationsKey: key, model, prompt, stacks });
  }
  return sources.sort((a, b) => compare(a.model, b.model) || compare(a.prompt, b.prompt));
}

/** The header of a stored pack, as `openStoredPack` reads it. */
export async function packHeaderOf(
  store: Store,
  stage: 'activations' | 'packs',
  key: string,
): Promise<PackHeader> {
  return (await openStoredPack(store, stage, key)).header;
}

/**
 * Reads the header of a stored pack without the rest of it.
 *
 * @throws AtlasError `store-damaged`, `pack-invalid`
 */
export async function openStoredPack(
  store: Store,
  stage: 'activations' | 'packs',
  key: string,
): Promise<OpenedPack> {
  for (let count = USUAL_HEADER_BYTES; ;) {
    const opened = openHeader(await store.peek(stage, key, count));
    if (!('needed' in opened)) return opened;
    if (opened.needed <= count) throw new RangeError(`The object ${key} ends inside its header`);
    count = opened.needed;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
