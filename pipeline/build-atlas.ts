import { join } from 'node:path';
import pMap from 'p-map';
import { selectFigures } from '../src/core/figures/index.ts';
import type { Metric } from '../src/core/metrics/metric.ts';
import type { AtlasError } from '../src/schema/errors/index.ts';
import { metricsOf, type LoadedConfig } from './load-config.ts';
import { planJobs } from './plan-jobs.ts';
import type { Prompt } from './prompts/prompt.ts';
import type { RunContext } from './run-context.ts';
import { computeActivations } from './stages/activations.ts';
import {
  derive,
  derivedKeys,
  missingMetrics,
  storedMeasures,
  thumbnailsKey,
  type DeriveOptions,
} from './stages/derive.ts';
import { drawFigures } from './stages/draw-figures.ts';
import { extraKeys } from './stages/extras.ts';
import { figureImages, type FigureImage } from './stages/figure-images.ts';
import { headsOf, type ComputedJob, type Job } from './stages/plan.ts';
import { prepareProbes } from './stages/prepare.ts';
import { publishAtlas } from './stages/publish-atlas.ts';
import type { FinishedJob, ProbeMeasures } from './stages/records.ts';
import { openStore, type StageName, type Store } from './store/store.ts';

/** How a build ended. */
export interface BuildResult {
  readonly models: number;
  readonly prompts: number;
  readonly patterns: number;
  /** Prompts that failed on a model. Without `keepGoing` nothing was published if there are any. */
  readonly failures: readonly AtlasError[];
  readonly published: boolean;
  readonly seconds: number;
}

/**
 * Runs every stage that the config asks for, and publishes the files and records of the site.
 *
 * @throws AtlasError for a problem in the input or the machine; what was finished stays in the store, and what was
 *   published before stays as it was
 */
export async function buildAtlas(loaded: LoadedConfig, context: RunContext): Promise<BuildResult> {
  const start = performance.now();
  const { config, root } = loaded;
  const ownFigures = loaded.own.figures.map(({ definition }) => definition);
  selectFigures(config.figures, ownFigures);
  const metrics = metricsOf(loaded);
  const options: DeriveOptions = {
    precision: config.packs.precision,
    metrics,
    bundles: loaded.own.metrics.map(({ bundle }) => bundle),
  };
  const store = openStore(join(root, config.store.path), context.files);
  const stageContext = { ...context, failures: [] as AtlasError[] };

  const { jobs, prompts, sets } = await planJobs(loaded, store, stageContext);
  const probes = probesOf(jobs, metrics);
  if (context.dryRun) {
    await describePlan(jobs, probes, store, options, context);
    return {
      ...totals(jobs, prompts),
      failures: stageContext.failures,
      published: false,
      seconds: secondsSince(start),
    };
  }

  const all: Job[] = [...jobs, ...probes].toSorted(byModelOf(jobs));
  const storedAll = await computeActivations(all, store, stageContext, {
    force: false,
    device: 'cpu',
    metrics,
  });
  const isProbe = new Set<Job>(probes);
  const stored = storedAll.filter((job) => !isProbe.has(job));
  const storedProbes = storedAll.filter((job) => isProbe.has(job));
  const { failures } = stageContext;
  if (failures.length > 0 && (!context.keepGoing || stored.length === 0)) {
    return { ...totals(stored, prompts), failures, published: false, seconds: secondsSince(start) };
  }
  await derive(stored, store, stageContext, { ...options, probes: storedProbes });
  if (failures.length > 0 && !context.keepGoing) {
    return { ...totals(stored, prompts), failures, published: false, seconds: secondsSince(start) };
  }
  const images = imagesOf(stored);
  await drawFigures(images, store, stageContext, { force: false });
  const finished = await pMap(stored, (job) => finish(job, store, options), { concurrency: 16 });
  const harvest = {
    loaded,
    sets,
    metrics,
    prompts,
    finished,
    probes: await probeMeasures(storedProbes, store),
    images,
    seconds: secondsSince(start),
  };
  await publishAtlas(harvest, store, context);
  return { ...totals(stored, prompts), failures, published: true, seconds: secondsSince(start) };
}

/** The jobs on random tokens of the models that run here, if one of `metrics` looks at them. */
function probesOf(jobs: readonly Job[], metrics: readonly Metric[]): ComputedJob[] {
  const isWanted = metrics.some(
    (metric) => metric.scope !== 'pattern' && metric.prompts === 'repeated-tokens',
  );
  if (!isWanted) return [];
  const computed = jobs.filter((job): job is ComputedJob => !('npz' in job));
  return [...Map.groupBy(computed, ({ model }) => model).values()].flatMap((ofModel) =>
    prepareProbes(ofModel, 'cpu'),
  );
}

/** Keeps the jobs of one model together, models in the order of `jobs`: one session is open at a time. */
function byModelOf(jobs: readonly Job[]): (a: Job, b: Job) => number {
  const places = new Map([...new Set(jobs.map(({ model }) => model))].map((model, place) => [model, place]));
  return (a, b) => (places.get(a.model) ?? 0) - (places.get(b.model) ?? 0);
}

async function probeMeasures(probes: readonly Job[], store: Store): Promise<ProbeMeasures> {
  const byModel = [...Map.groupBy(probes, ({ model }) => model)];
  return new Map(
    await pMap(byModel, async ([model, ofModel]) => [
      model,
      await pMap(ofModel, (job) => storedMeasures(job, store)),
    ]),
  );
}

function imagesOf(jobs: readonly Job[]): FigureImage[] {
  const byModel = Map.groupBy(jobs, (job) => job.model.source.id);
  return [...byModel].flatMap(([model, ofModel]) =>
    figureImages({
      model,
      entries: ofModel.map((job) => ({
        source: job,
        prompt: job.prompt.id,
        thumbnailsKey: thumbnailsKey(job),
      })),
    }),
  );
}

async function finish(job: Job, store: Store, options: DeriveOptions): Promise<FinishedJob> {
  const keys = derivedKeys(job, options);
  const [measures, pack] = await Promise.all([storedMeasures(job, store), store.seal('packs', keys.pack)]);
  return { job, measures, packKey: keys.pack, packBytes: pack.bytes };
}

async function describePlan(
  jobs: readonly Job[],
  probes: readonly Job[],
  store: Store,
  options: DeriveOptions,
  context: RunContext,
) {
  const all = [...jobs, ...probes];
  const wanted: [title: string, stage: StageName, keys: readonly string[]][] = [
    ['activations', 'activations', all.map((job) => job.activationsKey)],
    ['extras', 'extras', all.flatMap((job) => extraKeys(job, options.metrics))],
    ['packs', 'packs', jobs.map((job) => derivedKeys(job, options).pack)],
    ['thumbnails', 'thumbnails', jobs.map((job) => derivedKeys(job, options).thumbnails)],
    ['figures', 'figures', imagesOf(jobs).map(({ key }) => key)],
  ];
  for (const [title, stage, keys] of wanted) {
    const present = await pMap(keys, (key) => store.has(stage, key), { concurrency: 16 });
    const made = present.filter((isPresent) => !isPresent).length;
    context.reporter.note(`${title.padEnd(12)} would make ${made}, reuse ${keys.length - made}`);
  }
  const isLacking = async (job: Job) =>
    missingMetrics(await storedMeasures(job, store), options.metrics, 'atlas').length > 0;
  const made = (await pMap(jobs, isLacking, { concurrency: 16 })).filter(Boolean).length;
  context.reporter.note(`${'metrics'.padEnd(12)} would make ${made}, reuse ${jobs.length - made}`);
}

function totals(
  jobs: readonly Job[],
  prompts: readonly Prompt[],
): Pick<BuildResult, 'models' | 'prompts' | 'patterns'> {
  const models = new Set(jobs.map((job) => job.model));
  const patterns = jobs.reduce((sum, job) => sum + headsOf(job).length, 0);
  return { models: models.size, prompts: prompts.length, patterns };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
