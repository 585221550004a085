import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Figure } from '../src/core/figures/figure.ts';
import { selectFigures } from '../src/core/figures/index.ts';
import { selectMetrics } from '../src/core/metrics/index.ts';
import type { Metric } from '../src/core/metrics/metric.ts';
import { configSchema, type AtlasConfig } from '../src/schema/config.ts';
import { hubName, type HubAddress } from '../src/schema/hub-address.ts';
import { atlasError } from '../src/schema/errors/index.ts';
import type { PrependBos } from '../src/schema/prepend-bos.ts';
import { checkModelNames } from '../src/schema/names.ts';
import { loadOwnFigures, loadOwnMetrics, type OwnDefinitions } from './own/load-own.ts';

/** Where a model's files are: in a folder, absolute, or on the hub. */
export type ModelPlace = { readonly folder: string } | { readonly hub: HubAddress };

/** What a model is called, and where it comes from. */
export interface ModelName {
  /** The sanitised name. */
  readonly id: string;
  readonly name: string;
  /** As the config writes it. */
  readonly source: string;
  readonly series?: { readonly name: string; readonly step: number };
}

/** A model as the config or a person names it. */
export interface ConfiguredModel extends ModelName {
  readonly place: ModelPlace;
  readonly prependBos: PrependBos;
  /** Whether it is shipped to visitors; undefined: where it can be and is small enough. */
  readonly live?: boolean | undefined;
}

/** A model whose files are in a folder of this machine. */
export interface ModelSource extends ModelName {
  /** Absolute. */
  readonly folder: string;
  readonly prependBos: PrependBos;
  readonly live?: boolean | undefined;
}

/** A folder of patterns that another program computed, of one model or several. */
export interface ImportSource {
  /** As the config writes it. */
  readonly source: string;
  /** Absolute. */
  readonly folder: string;
  /** Of its only model; the folder's name if left out. */
  readonly name?: string;
}

export interface PromptSetSource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of its texts where a row has no `language` of its own; a BCP 47 tag. */
  readonly language?: string;
  /** Absolute. */
  readonly path: string;
  readonly file: string;
}

export interface LoadedConfig {
  /** Its `figures` and `metrics` hold names alone: those that own files define stand in the place of the files. */
  readonly config: AtlasConfig;
  /** The config file's folder, absolute; every path in the config is relative to it. */
  readonly root: string;
  readonly models: readonly ConfiguredModel[];
  readonly imports: readonly ImportSource[];
  readonly sets: readonly PromptSetSource[];
  readonly own: OwnDefinitions;
}

/** The folder of a config's store, absolute. */
export function storeFolder({ root, config }: Pick<LoadedConfig, 'root' | 'config'>): string {
  return resolve(root, config.store.path);
}

/**
 * Loads and checks a config file.
 *
 * @throws AtlasError `config-missing`, `config-unloadable`, `config-invalid`, `model-name-refused`, and those of own files
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const path = resolve(file);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) throw atlasError('config-missing', {}, { file });
  const loaded = await importConfig(path, file, stats.mtimeMs);
  const parsed = configSchema.safeParse(loaded);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the config'}: ${issue.message}`,
    );
    throw atlasError('config-invalid', { problems }, { file });
  }
  const { models, promptSets: sets } = parsed.data;
  if (sets.length === 0 && !models.every((model) => 'import' in model)) {
    const problems = ['promptSets: name at least one, for the models that are run on them'];
    throw atlasError('config-invalid', { problems }, { file });
  }
  const root = dirname(path);
  const [figures, metrics] = await Promise.all([
    loadOwnFigures(parsed.data.figures, root),
    loadOwnMetrics(parsed.data.metrics, root),
  ]);
  return {
    config: { ...parsed.data, figures: figures.names, metrics: metrics.names },
    root,
    own: { figures: figures.own, metrics: metrics.own },
    models: configuredModels(parsed.data, root),
    imports: importSources(parsed.data, root),
    sets: promptSets(parsed.data, root, file),
  };
}

/**
 * The metrics that a config asks for, built-in ones and own.
 *
 * @throws AtlasError `unknown-metric`
 */
export function metricsOf({ config, own }: Pick<LoadedConfig, 'config' | 'own'>): Metric[] {
  return selectMetrics(
    config.metrics,
    own.metrics.map(({ definition }) => definition),
  );
}

/**
 * The figures that a config asks for, built-in ones and own.
 *
 * @throws AtlasError `unknown-figure`
 */
export function figuresOf({ config, own }: Pick<LoadedConfig, 'config' | 'own'>): Figure[] {
  return selectFigures(
    config.figures,
    own.figures.map(({ definition }) => definition),
  );
}

/** @param changed makes the address of a changed file another one, which Node loads anew */
async function importConfig(path: string, file: string, changed: number): Promise<unknown> {
  try {
    const module = (await import(`${pathToFileURL(path).href}?${changed}`)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw atlasError('config-unloadable', { reason: (error as Error).message }, { file }, error);
  }
}

function configuredModels(config: AtlasConfig, root: string): ConfiguredModel[] {
  const entries = config.models.flatMap((model) => {
    if ('import' in model) return [];
    return 'series' in model
      ? model.checkpoints.map((checkpoint) => ({
          ...placed(checkpoint, root),
          prependBos: model.prependBos,
          live: model.live,
          series: { name: model.series, step: checkpoint.step },
        }))
      : [{ ...placed(model, root), prependBos: model.prependBos, live: model.live }];
  });
  const ids = checkModelNames(entries.map((entry) => entry.name));
  return entries.map((entry, index) => ({ ...entry, id: ids[index] ?? '' }));
}

type PlaceKeys = { path: string } | { hub: string; revision?: string | undefined };

function placed(keys: PlaceKeys & { name?: string | undefined }, root: string) {
  if ('path' in keys) {
    const { path, name = basename(path) } = keys;
    return { name, source: path, place: { folder: resolve(root, path) } };
  }
  const { hub: repository, revision, name } = keys;
  const hub = { repository, ...(revision === undefined ? {} : { revision }) };
  return { name: name ?? hubName(hub), source: hubName(hub), place: { hub } };
}

function importSources(config: AtlasConfig, root: string): ImportSource[] {
  return config.models.flatMap((model) =>
    'import' in model
      ? [
          {
            source: model.import,
            folder: resolve(root, model.import),
            ...(model.name === undefined ? {} : { name: model.name }),
          },
        ]
      : [],
  );
}

function promptSets(config: AtlasConfig, root: string, file: string): PromptSetSource[] {
  const sets = config.promptSets.map((set) => {
    const name = set.name ?? basename(set.file, extname(set.file));
    return {
      name,
      title: set.title ?? name,
      description: set.description ?? '',
      ...(set.language === undefined ? {} : { language: set.language }),
      path: resolve(root, set.file),
      file: set.file,
    };
  });
  const repeated = sets.find((set, index) => sets.findIndex((other) => other.name === set.name) !== index);
  if (repeated !== undefined) {
    throw atlasError(
      'config-invalid',
      { problems: [`promptSets: two sets are called "${repeated.name}"`] },
      { file },
    );
  }
  return sets;
}
