import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import pMap from 'p-map';
import type { Metric } from '../../src/core/metrics/metric.ts';
import { PACK_VERSION } from '../../src/core/pack/header.ts';
import { atlasError, type AtlasError } from '../../src/schema/errors/index.ts';
import { headName } from '../../src/schema/head-name.ts';
import type { Precision } from '../../src/schema/precision.ts';
import { threadsWithin } from '../memory.ts';
import type { OwnBundle } from '../own/bundle-file.ts';
import { outputKey, soundPath, type Store } from '../store/store.ts';
import type { DeriveTask } from './derive-patterns.ts';
import { openDerivePool, type DerivePool } from './derive-pool.ts';
import { extrasOf, isNoMatrix, storedExtras, storedMatrices } from './extras.ts';
import {
  measureName,
  promptsOf,
  type FailedMeasure,
  type Measures,
  type MeasureRequest,
} from './measures.ts';
import { headsOf, type Job, type PatternSource } from './plan.ts';
import { isProbeId } from './probe-prompts.ts';
import { sketchesKey } from './sketches.ts';
import { beginStage, type StageContext, type StageCounter } from './stage-context.ts';

/** Raised when the stage comes to give other bytes for the same input. Metrics have versions of their own. */
export const DERIVED_VERSIONS = { packs: 2, measures: 2, thumbnails: 2 } as const;

/** Where in the store what was derived from one job's patterns lies. */
export interface DerivedKeys {
  readonly pack: string;
  readonly measures: string;
  readonly thumbnails: string;
  readonly sketches: string;
}

/** What is asked of the patterns of a run. */
export interface DeriveOptions {
  readonly precision: Precision;
  readonly metrics: readonly Metric[];
  /** Of the metrics that are of the user's own files; none if left out. */
  readonly bundles?: readonly OwnBundle[];
}

/** The keys of what `derive` makes of a job's patterns. The measures' object holds those of any metric. */
export function derivedKeys(job: Job, { precision }: Pick<DeriveOptions, 'precision'>): DerivedKeys {
  return {
    pack: packKey(job, precision),
    measures: measuresKey(job),
    thumbnails: thumbnailsKey(job),
    sketches: sketchesKey(job),
  };
}

/** @param version an earlier one, to look up what an earlier version of the stage made; so below */
export function packKey(
  { activationsKey }: PatternSource,
  precision: Precision,
  version: number = DERIVED_VERSIONS.packs,
): string {
  return outputKey('packs', version, { patterns: activationsKey, precision, format: PACK_VERSION });
}

export function measuresKey(
  { activationsKey, tokenized }: Job,
  version: number = DERIVED_VERSIONS.measures,
): string {
  return outputKey('measures', version, { patterns: activationsKey, ids: tokenized.ids });
}

/** The key of the thumbnails of a source's heads. */
export function thumbnailsKey(
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
  version: number = DERIVED_VERSIONS.thumbnails,
): string {
  return outputKey('thumbnails', version, { patterns: activationsKey });
}

/** Makes the thumbnails of the sources that the store lacks; all of them with `force`. */
export async function drawThumbnails(
  sources: readonly PatternSource[],
  store: Store,
  context: StageContext,
  { force }: { readonly force: boolean },
): Promise<void> {
  const counter = beginStage(context, 'thumbnails', sources.length);
  await withPool(sources, context, async (pool) => {
    const drawNext = async (source: PatternSource) => {
      context.signal.throwIfAborted();
      const key = thumbnailsKey(source);
      if (!force && (await store.has('thumbnails', key))) {
        counter.reused();
        return;
      }
      const { thumbnails } = await pool.derive({ ...(await fileOf(source, store)), thumbnails: true });
      if (thumbnails !== undefined) await store.write('thumbnails', key, thumbnails);
      counter.made();
    };
    await pMap(sources, drawNext, { concurrency: 2 * pool.size });
  });
  counter.end();
}

/**
 * Makes, of each job's stored patterns, the pack for viewing, the measures, the thumbnails and the sketches that the
 * store lacks; of random tokens, which no page shows, the measures alone.
 */
export async function derive(
  jobs: readonly Job[],
  store: Store,
  context: StageContext,
  options: DeriveOptions,
): Promise<void> {
  await deriving(jobs, store, context, options, (deriveJob, atOnce) =>
    pMap(jobs, deriveJob, { concurrency: atOnce }),
  );
}

/**
 * Derives what `use` hands in, as `derive` does.
 *
 * @param jobs all that `use` will hand in
 * @param use is given how many jobs to derive at once: while one prompt is read or written, others are computed
 */
export async function deriving<T>(
  jobs: readonly Job[],
  store: Store,
  context: StageContext,
  options: DeriveOptions,
  use: (deriveJob: (job: Job) => Promise<void>, atOnce: number) => Promise<T>,
): Promise<T> {
  const shown = jobs.filter((job) => !isProbeId(job.prompt.id)).length;
  const counters: Counters = {
    pack: beginStage(context, 'packs', shown),
    measures: beginStage(context, 'metrics', jobs.length),
    thumbnails: beginStage(context, 'thumbnails', shown),
    sketches: beginStage(context, 'sketches', shown),
  };
  const result = await withPool(jobs, context, (pool) =>
    use(async (job) => {
      context.signal.throwIfAborted();
      await deriveOne(job, { store, options, counters, pool });
    }, 2 * pool.size),
  );
  for (const counter of Object.values(counters)) counter.end();
  return result;
}

async function withPool<T>(
  sources: readonly PatternSource[],
  { memory }: Pick<StageContext, 'memory'>,
  use: (pool: DerivePool) => Promise<T>,
): Promise<T> {
  const pool = openDerivePool(threadsWithin(memory, availableParallelism(), sources));
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

type Counters = Readonly<Record<keyof DerivedKeys, StageCounter>>;

interface DeriveContext {
  readonly store: Store;
  readonly options: DeriveOptions;
  readonly counters: Counters;
  readonly pool: DerivePool;
}

/** What a job's patterns are needed for: what the store lacks of all that is derived from them. */
async function missingDerived(
  job: Job,
  store: Store,
  { precision, metrics }: Pick<DeriveOptions, 'precision' | 'metrics'>,
) {
  const isProbe = isProbeId(job.prompt.id);
  const known = await storedMeasures(job, store);
  return {
    known,
    missing: missingMetrics(known, metrics, isProbe ? 'repeated-tokens' : 'atlas'),
    lacksPack: !isProbe && !(await store.has('packs', packKey(job, precision))),
    lacksThumbnails: !isProbe && !(await store.has('thumbnails', thumbnailsKey(job))),
    lacksSketches: !isProbe && !(await store.has('sketches', sketchesKey(job))),
  };
}

/** Whether something is still to be made of a job's patterns. */
export async function lacksDerived(
  job: Job,
  store: Store,
  options: Pick<DeriveOptions, 'precision' | 'metrics'>,
): Promise<boolean> {
  const { missing, lacksPack, lacksThumbnails, lacksSketches } = await missingDerived(job, store, options);
  return missing.length > 0 || lacksPack || lacksThumbnails || lacksSketches;
}

async function deriveOne(job: Job, { store, options, counters, pool }: DeriveContext): Promise<void> {
  const keys = derivedKeys(job, options);
  const isProbe = isProbeId(job.prompt.id);
  const { known, missing, lacksPack, lacksThumbnails, lacksSketches } = await missingDerived(
    job,
    store,
    options,
  );
  if (!isProbe && !lacksPack) counters.pack.reused();
  if (missing.length === 0) counters.measures.reused();
  if (!isProbe && !lacksThumbnails) counters.thumbnails.reused();
  if (!isProbe && !lacksSketches) counters.sketches.reused();
  if (!lacksPack && missing.length === 0 && !lacksThumbnails && !lacksSketches) return;

  const task: DeriveTask = {
    ...(await fileOf(job, store)),
    ...(lacksPack && { pack: { precision: options.precision } }),
    ...(missing.length > 0 && { measures: await measureRequest(job, missing, options.bundles ?? [], store) }),
    ...(lacksThumbnails && { thumbnails: true }),
    ...(lacksSketches && { sketches: true }),
  };
  const { pack, measures, failed = [], thumbnails, sketches } = await pool.derive(task);
  if (pack !== undefined) {
    await store.write('packs', keys.pack, Readable.from(pack));
    counters.pack.made();
  }
  if (measures !== undefined) {
    await store.write('measures', keys.measures, Buffer.from(JSON.stringify({ ...known, ...measures })));
    for (const failure of failed) counters.measures.failed(metricError(job, failure));
    if (failed.length === 0) counters.measures.made();
  }
  if (thumbnails !== undefined) {
    await store.write('thumbnails', keys.thumbnails, thumbnails);
    counters.thumbnails.made();
  }
  if (sketches !== undefined) {
    await store.write('sketches', keys.sketches, sketches);
    counters.sketches.made();
  }
}

/** The file of a source's patterns, which threads read for themselves; a damaged one is an error. */
async function fileOf({ activationsKey }: PatternSource, store: Store): Promise<Pick<DeriveTask, 'path'>> {
  return { path: await soundPath(store, 'activations', activationsKey) };
}

/** The measures of a job that the store holds, of whatever metrics. */
export async function storedMeasures(job: Job, store: Store): Promise<Measures> {
  const measures = measuresKey(job);
  if (!(await store.has('measures', measures))) return {};
  return JSON.parse(Buffer.from(await store.read('measures', measures)).toString()) as Measures;
}

/** The metrics that `measures` lacks, of those that look at such prompts. */
export function missingMetrics(
  measures: Measures,
  metrics: readonly Metric[],
  prompts: 'atlas' | 'repeated-tokens',
): Metric[] {
  return metrics.filter(
    (metric) => promptsOf(metric) === prompts && measures[measureName(metric)] === undefined,
  );
}

function metricError(job: Job, { name, place, reason, others }: FailedMeasure): AtlasError {
  const head = place === undefined ? undefined : headsOf(job)[place];
  return atlasError(
    'metric-failed',
    { name, reason, others },
    {
      model: job.model.source.name,
      prompt: job.prompt.title,
      ...(head && { head: headName(head.layer, head.head) }),
    },
  );
}

async function measureRequest(
  job: Job,
  metrics: readonly Metric[],
  bundles: readonly OwnBundle[],
  store: Store,
): Promise<MeasureRequest> {
  const { ids, tokens, offsets, isNumbered = false } = job.tokenized;
  const extras = extrasOf(job, metrics);
  const matrices = await storedMatrices(job, extras, store);
  const { ofPrompt, valueNorms } = await storedExtras(job, extras.filter(isNoMatrix), store);
  return {
    metrics: metrics.map(({ name }) => name),
    own: bundles.filter(({ hash }) => metrics.some(({ version }) => version === hash)),
    known: {
      ...(!isNumbered && { ids, tokens }),
      ...(offsets && { places: { text: job.prompt.text, offsets } }),
      ...ofPrompt,
    },
    ...(valueNorms && { valueNorms }),
    matrices,
    isImported: 'npz' in job,
  };
}
