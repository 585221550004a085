import pMap from 'p-map';
import type { Figure } from '../src/core/figures/figure.ts';
import { atlasError, type AtlasError } from '../src/schema/errors/index.ts';
import { refuseOverDisk } from './disk-budget.ts';
import { describePlan, planRun, type PlannedStage } from './keep/plan-run.ts';
import type { WantedObject } from './keep/wanted-objects.ts';
import { figuresOf, metricsOf, storeFolder, type LoadedConfig } from './load-config.ts';
import { planJobs } from './plan-jobs.ts';
import type { Prompt } from './prompts/prompt.ts';
import { recordSummaries, type StageSummary } from './report/reporter.ts';
import type { RunContext } from './run-context.ts';
import { chooseDevice } from './runtime/choose-device.ts';
import { shareOf, type Shard } from './shard.ts';
import { computeActivations } from './stages/activations.ts';
import { computeAndDrop } from './stages/compute-and-drop.ts';
import { derive, derivedKeys, lacksDerived, storedMeasures, type DeriveOptions } from './stages/derive.ts';
import { drawFigures } from './stages/draw-figures.ts';
import { headFiguresAmong } from './stages/head-drawings.ts';
import { asksForMean, storeMeanPatterns } from './stages/mean-patterns.ts';
import { imagesOf, probesOf } from './stages/plan-outputs.ts';
import { headsOf, type Job } from './stages/plan.ts';
import { publishAtlas } from './stages/publish-atlas.ts';
import { failuresOverPrompts, type FinishedJob, type ProbeMeasures } from './stages/records.ts';
import { sketchModels } from './stages/sketches.ts';
import { openStore, type Store } from './store/store.ts';

/** How a build ended. */
export interface BuildResult {
  readonly models: number;
  readonly prompts: number;
  readonly patterns: number;
  /** Prompts that failed on a model. Without `keepGoing` nothing was published if there are any. */
  readonly failures: readonly AtlasError[];
  readonly published: boolean;
  /** The share that was computed, where it was one; nothing is published then. */
  readonly shard?: Shard;
  readonly seconds: number;
  /** How each stage ended, in that order. */
  readonly stages: readonly StageSummary[];
  /** Of a dry run: what would be made, and why. */
  readonly plan?: readonly PlannedStage[];
}

/**
 * Runs every stage that the config asks for, and publishes the files and records of the site.
 *
 * @param isAllComputed throws AtlasError `shards-missing` where a pattern is not in the store, in place of computing it
 * @throws AtlasError for a problem in the input or the machine; what was finished stays in the store, and what was
 *   published before stays as it was
 */
export async function buildAtlas(
  loaded: LoadedConfig,
  outer: RunContext,
  { isAllComputed = false }: { readonly isAllComputed?: boolean } = {},
): Promise<BuildResult> {
  const reporter = recordSummaries(outer.reporter);
  const context = { ...outer, reporter };
  const start = performance.now();
  const outcome = () => ({ seconds: secondsSince(start), stages: reporter.summaries });
  const { config } = loaded;
  const figures = figuresOf(loaded);
  const metrics = metricsOf(loaded);
  const dropsPatterns = config.store.keep === 'none';
  if (dropsPatterns) refuseOverPrompts(figures);
  const options: DeriveOptions = {
    precision: config.packs.precision,
    metrics,
    bundles: loaded.own.metrics.map(({ bundle }) => bundle),
  };
  const store = openStore(storeFolder(loaded), context.files);
  const stageContext = { ...context, failures: [] as AtlasError[] };

  const { jobs: allJobs, prompts, sets } = await planJobs(loaded, store, stageContext);
  const allProbes = probesOf(allJobs, metrics);
  const everything = [...allJobs, ...allProbes].toSorted(byModelOf(allJobs));
  const isMissing = async (job: Job) =>
    !(await store.has('activations', job.activationsKey)) &&
    (!dropsPatterns || (await lacksDerived(job, store, options)));
  if (isAllComputed) await refuseMissing(everything, store, isMissing);
  const { shard } = context;
  const all = shard === undefined ? everything : shareOf(everything, shard);
  const isProbe = new Set<Job>(allProbes);
  const jobs = all.filter((job) => !isProbe.has(job));
  if (context.dryRun) {
    const keys = new Set(all.map(({ activationsKey }) => activationsKey));
    const isInShare = (object: WantedObject) => 'job' in object && keys.has(object.job.activationsKey);
    const plan = await planRun(loaded, allJobs, store, shard && isInShare);
    for (const line of describePlan(plan)) context.reporter.note(line);
    return {
      ...totals(jobs, prompts),
      failures: stageContext.failures,
      published: false,
      plan,
      ...outcome(),
    };
  }

  const missing = await filterJobs(all, isMissing);
  refuseOverDisk(context.disk, missing, config.store.keep);
  await refuseWithoutDevice(missing);
  const askers = [...metrics, ...figures];
  const storedAll = dropsPatterns
    ? await computeAndDrop(all, store, stageContext, { ...options, askers })
    : await computeActivations(all, store, stageContext, { force: false, askers });
  const stored = storedAll.filter((job) => !isProbe.has(job));
  const storedProbes = storedAll.filter((job) => isProbe.has(job));
  const { failures } = stageContext;
  const unpublished = () => ({ ...totals(stored, prompts), failures, published: false, ...outcome() });
  const isToEnd = () => failures.length > 0 && !context.keepGoing;
  if (isToEnd() || (failures.length > 0 && stored.length === 0)) return unpublished();
  if (!dropsPatterns) await derive([...stored, ...storedProbes], store, stageContext, options);
  if (isToEnd()) return unpublished();
  if (shard !== undefined) return { ...unpublished(), shard };
  if (asksForMean(figures)) await storeMeanPatterns(byModel(stored), store, stageContext);
  const wantedImages = imagesOf(stored, headFiguresAmong(figures, loaded.own));
  const images = await drawFigures(wantedImages, store, stageContext, { force: false, keepsEmpty: true });
  if (isToEnd()) return unpublished();
  const finished = await pMap(stored, (job) => finish(job, store, options), { concurrency: 16 });
  const measuredProbes = await probeMeasures(storedProbes, store);
  failures.push(...failuresOverPrompts(finished, measuredProbes, metrics, options.bundles ?? []));
  if (isToEnd()) return unpublished();
  const harvest = {
    loaded,
    sets,
    metrics,
    prompts,
    finished,
    probes: measuredProbes,
    sketches: await sketchModels(stored, prompts, store),
    images,
    ...outcome(),
  };
  await publishAtlas(harvest, store, context);
  return { ...totals(stored, prompts), failures, published: true, ...outcome() };
}

/** Figures that look at the patterns of all prompts together come too late where each prompt's are dropped. */
function refuseOverPrompts(figures: readonly Figure[]): void {
  const over = figures.filter((figure) => figure.scope === 'head' || asksForMean([figure]));
  if (over.length === 0) return;
  const names = over.map(({ name }) => `"${name}"`).join(', ');
  const problem = `figures: ${names} look at all prompts together, and store.keep 'none' drops each prompt's patterns before`;
  throw atlasError('config-invalid', { problems: [problem] });
}

async function refuseMissing(
  jobs: readonly Job[],
  store: Store,
  isMissing: (job: Job) => Promise<boolean>,
): Promise<void> {
  const missing = await filterJobs(jobs, isMissing);
  const [first] = missing;
  if (first === undefined) return;
  const place = { file: store.folder, model: first.model.source.name, prompt: first.prompt.title };
  throw atlasError('shards-missing', { missing: missing.length, total: jobs.length }, place);
}

/** Before anything is computed, rather than prompt by prompt. */
async function refuseWithoutDevice(jobs: readonly Job[]): Promise<void> {
  const devices = new Set(jobs.flatMap(({ model }) => (model.kind === 'checkpoint' ? [model.device] : [])));
  for (const device of devices) await chooseDevice(device, () => undefined);
}

async function filterJobs(jobs: readonly Job[], holds: (job: Job) => Promise<boolean>): Promise<Job[]> {
  const held = await pMap(jobs, holds, { concurrency: 16 });
  return jobs.filter((_, at) => held[at]);
}

/** Keeps the jobs of one model together, models in the order of `jobs`: one session is open at a time. */
function byModelOf(jobs: readonly Job[]): (a: Job, b: Job) => number {
  const places = new Map([...new Set(jobs.map(({ model }) => model))].map((model, place) => [model, place]));
  return (a, b) => (places.get(a.model) ?? 0) - (places.get(b.model) ?? 0);
}

function byModel(jobs: readonly Job[]): Job[][] {
  return [...Map.groupBy(jobs, ({ model }) => model).values()];
}

async function probeMeasures(probes: readonly Job[], store: Store): Promise<ProbeMeasures> {
  return new Map(
    await pMap(
      Map.groupBy(probes, ({ model }) => model),
      async ([model, ofModel]) => [model, await pMap(ofModel, (job) => storedMeasures(job, store))],
    ),
  );
}

async function finish(job: Job, store: Store, options: DeriveOptions): Promise<FinishedJob> {
  const keys = derivedKeys(job, options);
  const [measures, pack] = await Promise.all([storedMeasures(job, store), store.seal('packs', keys.pack)]);
  return { job, measures, packKey: keys.pack, packBytes: pack.bytes };
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
