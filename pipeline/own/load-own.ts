import { resolve } from 'node:path';
import type { Figure } from '../../src/core/figures/figure.ts';
import { figures } from '../../src/core/figures/index.ts';
import { metrics } from '../../src/core/metrics/index.ts';
import type { Metric } from '../../src/core/metrics/metric.ts';
import { isOwnFile } from '../../src/schema/config.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { bundleFile, type OwnBundle } from './bundle-file.ts';
import { checkFigure, checkMetric } from './check-definition.ts';
import { importBundle } from './import-bundle.ts';

/** A figure or metric of the user's own. */
interface Own<T> {
  readonly definition: T;
  /** As the config writes it. */
  readonly file: string;
  readonly bundle: OwnBundle;
}

/** The figures and metrics that the files of a config define. */
export interface OwnDefinitions {
  readonly figures: readonly Own<Figure>[];
  /** Their version is the hash of their bundle. */
  readonly metrics: readonly Own<Metric>[];
}

/**
 * Reads the files among `entries`, each relative to `root`.
 *
 * @returns what they define, and `entries` with the names of it in the place of the files
 * @throws AtlasError `own-file-unbuildable`, `own-definition-invalid`, `own-name-taken`
 */
export async function loadOwnFigures(entries: readonly string[], root: string): Promise<Loaded<Figure>> {
  return load('figure', entries, { root, builtIn: figures, check: checkFigure });
}

/** As `loadOwnFigures`. */
export async function loadOwnMetrics(entries: readonly string[], root: string): Promise<Loaded<Metric>> {
  const { own, names } = await load('metric', entries, { root, builtIn: metrics, check: checkMetric });
  return {
    names,
    own: own.map((entry) => ({ ...entry, definition: { ...entry.definition, version: entry.bundle.hash } })),
  };
}

interface Loaded<T> {
  readonly own: readonly Own<T>[];
  readonly names: string[];
}

interface Kind<T> {
  readonly root: string;
  readonly builtIn: readonly { readonly name: string }[];
  readonly check: (value: unknown) => { readonly definition: T } | { readonly problems: readonly string[] };
}

async function load<T extends { readonly name: string }>(
  kind: 'figure' | 'metric',
  entries: readonly string[],
  { root, builtIn, check }: Kind<T>,
): Promise<Loaded<T>> {
  const loaded = await Promise.all(
    entries.map(async (file): Promise<Own<T> | string> => {
      if (!isOwnFile(file)) return file;
      const bundle = await bundleFile(resolve(root, file), { kind, file, root });
      const checked = check(await evaluate(bundle, kind, file));
      if ('problems' in checked) {
        throw atlasError('own-definition-invalid', { kind, problems: checked.problems }, { file });
      }
      return { definition: checked.definition, file, bundle };
    }),
  );
  const own = loaded.filter((entry) => typeof entry !== 'string');
  for (const [at, { definition, file }] of own.entries()) {
    const { name } = definition;
    const other = own.slice(0, at).find((earlier) => earlier.definition.name === name);
    const by = builtIn.some((known) => known.name === name)
      ? 'a built-in one'
      : other && `that of ${other.file}`;
    if (by !== undefined) throw atlasError('own-name-taken', { kind, name, by }, { file });
  }
  return { own, names: loaded.map((entry) => (typeof entry === 'string' ? entry : entry.definition.name)) };
}

async function evaluate(bundle: OwnBundle, kind: 'figure' | 'metric', file: string): Promise<unknown> {
  try {
    return await importBundle(bundle);
  } catch (error) {
    throw atlasError('own-file-unbuildable', { kind, reason: (error as Error).message }, { file }, error);
  }
}
