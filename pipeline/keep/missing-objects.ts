import pMap from 'p-map';
import type { Metric } from '../../src/core/metrics/metric.ts';
import { PRECISIONS } from '../../src/schema/precision.ts';
import { figuresOf, metricsOf, type LoadedConfig } from '../load-config.ts';
import {
  DERIVED_VERSIONS,
  lacksDerived,
  measuresKey,
  missingMetrics,
  packKey,
  thumbnailsKey,
} from '../stages/derive.ts';
import { asksFor, extraKey, EXTRAS_VERSION } from '../stages/extras.ts';
import { figureInputs } from '../stages/figure-images.ts';
import type { Measures } from '../stages/measures.ts';
import { storedInputs } from '../stages/pattern-inputs.ts';
import { imagesOf } from '../stages/plan-outputs.ts';
import type { Job } from '../stages/plan.ts';
import { isProbeId } from '../stages/probe-prompts.ts';
import { sketchesKey, SKETCHES_VERSION } from '../stages/sketches.ts';
import type { StageName, Store } from '../store/store.ts';
import { patternReasons } from './pattern-reasons.ts';
import type { WantedObject } from './wanted-objects.ts';

/** An object that a build would make, and why. */
export interface MissingObject {
  readonly wanted: WantedObject;
  readonly reason: string;
}

const NOT_MADE = 'not made yet';

/**
 * Of the objects that a config refers to, those that a build would make. Nothing is written, and nothing removed.
 *
 * @param jobs of which `wanted` are the objects
 */
export async function missingObjects(
  loaded: LoadedConfig,
  jobs: readonly Job[],
  wanted: readonly WantedObject[],
  store: Store,
): Promise<MissingObject[]> {
  const { config } = loaded;
  const metrics = metricsOf(loaded);
  const figures = figuresOf(loaded);
  const dropsPatterns = config.store.keep === 'none';
  const reasonOfStored = patternReasons(jobs, store);
  /** Patterns that were used and dropped are not missing; what they are needed for again is. */
  const reasonOfPatterns = async (job: Job) => ((await wasDropped(job)) ? undefined : reasonOfStored(job));
  const earlierImages = earlierFigures(jobs, store);
  const found = await pMap(
    wanted,
    async (object) => {
      const reason = await reasonOf(object);
      return reason === undefined ? [] : [{ wanted: object, reason }];
    },
    { concurrency: 16 },
  );
  return found.flat();

  async function reasonOf(object: WantedObject): Promise<string | undefined> {
    if (object.stage === 'inputs') return undefined; // an old store has none, and nothing is wrong with it
    if (object.stage === 'activations') return activationsReason(object.job);
    if (object.stage === 'measures') return measuresReason(object.job);
    if (await store.has(object.stage, object.key)) return undefined;
    if (object.stage === 'imports') return 'npz file is new or changed';
    const jobsOf = 'jobs' in object ? object.jobs : [object.job];
    if (jobsOf.length > 1) return manyReason(object, jobsOf);
    const [job] = jobsOf;
    const above = job === undefined ? undefined : await reasonOfPatterns(job);
    return above ?? (job === undefined ? NOT_MADE : oneReason(object, job));
  }

  async function activationsReason(job: Job): Promise<string | undefined> {
    if (!(await wasDropped(job))) return reasonOfStored(job);
    if (!(await lacksDerived(job, store, { precision: config.packs.precision, metrics }))) return undefined;
    const needed = (await measuresReason(job)) ?? 'packs, thumbnails or sketches';
    return `dropped (store.keep: 'none') and computed again: ${needed}`;
  }

  async function wasDropped(job: Job): Promise<boolean> {
    if (!dropsPatterns || (await store.has('activations', job.activationsKey))) return false;
    return (await store.has('measures', measuresKey(job))) || store.has('thumbnails', thumbnailsKey(job));
  }

  async function oneReason(object: WantedObject, job: Job): Promise<string> {
    if (object.stage === 'packs') {
      for (const precision of PRECISIONS) {
        if (await store.has('packs', packKey(job, precision))) {
          return `precision changed (${precision} → ${config.packs.precision})`;
        }
      }
      const older = (version: number) => packKey(job, config.packs.precision, version);
      return olderReason('packs', DERIVED_VERSIONS.packs, older, store);
    }
    if (object.stage === 'thumbnails') {
      const older = (version: number) => thumbnailsKey(job, version);
      return olderReason('thumbnails', DERIVED_VERSIONS.thumbnails, older, store);
    }
    if (object.stage === 'sketches') {
      return olderReason('sketches', SKETCHES_VERSION, (version) => sketchesKey(job, version), store);
    }
    if (object.stage === 'extras') {
      const older = (version: number) => extraKey(job, object.extra, version);
      const asking = [...metrics, ...figures].filter((asker) => asksFor(asker, object.extra));
      const kind = asking.some((asker) => 'compute' in asker) ? 'metric' : 'figure';
      const added = `${kind} added: ${asking.map(({ name }) => name).join(', ')}`;
      return olderReason('extras', EXTRAS_VERSION, older, store, added);
    }
    return object.stage === 'figures' ? ((await earlierImages(object.image.path)) ?? NOT_MADE) : NOT_MADE;
  }

  async function manyReason(object: WantedObject, jobsOf: readonly Job[]): Promise<string | undefined> {
    const above = await pMap(jobsOf, reasonOfPatterns, { concurrency: 16 });
    const changed = [...new Set(above)].filter((reason) => reason !== undefined);
    const isAll = changed.length === 1 && !above.includes(undefined);
    if (changed.length > 0) return isAll ? changed[0] : `of some of its prompts: ${changed.join('; ')}`;
    if (object.stage === 'figures' && object.image.kind === 'head')
      return `figure ${object.image.figure} is new, or it or its prompts changed`;
    const earlier = object.stage === 'figures' ? await earlierImages(object.image.path) : undefined;
    return earlier ?? 'not made for these prompts together yet';
  }

  async function measuresReason(job: Job): Promise<string | undefined> {
    const kind = isProbeId(job.prompt.id) ? 'repeated-tokens' : 'atlas';
    const key = measuresKey(job);
    if (!(await store.has('measures', key))) {
      if (missingMetrics({}, metrics, kind).length === 0) return undefined;
      const older = (version: number) => measuresKey(job, version);
      return (
        (await reasonOfPatterns(job)) ?? olderReason('measures', DERIVED_VERSIONS.measures, older, store)
      );
    }
    if (!(await store.isSound('measures', key))) return 'damaged';
    const measures = JSON.parse(Buffer.from(await store.read('measures', key)).toString()) as Measures;
    const lacking = missingMetrics(measures, metrics, kind);
    return lacking.length === 0
      ? undefined
      : lacking.map((metric) => metricReason(metric, measures)).join(', ');
  }
}

function metricReason({ name }: Metric, measures: Measures): string {
  const isOther = Object.keys(measures).some((stored) => stored.startsWith(`${name}@`));
  return isOther ? `code version of metric ${name} changed` : `metric added: ${name}`;
}

async function olderReason(
  stage: StageName,
  now: number,
  keyOf: (version: number) => string,
  store: Store,
  otherwise = NOT_MADE,
): Promise<string> {
  for (let version = now - 1; version > 0; version--) {
    if (await store.has(stage, keyOf(version))) {
      return `code version of stage ${stage} changed (${version} → ${now})`;
    }
  }
  return otherwise;
}

/** Whether an earlier run drew the image of that path from the same patterns, and what differed. */
function earlierFigures(jobs: readonly Job[], store: Store): (path: string) => Promise<string | undefined> {
  let known: Promise<Map<string, string>> | undefined;
  return async (path) => (await (known ??= earlier(jobs, store))).get(path);
}

async function earlier(jobs: readonly Job[], store: Store): Promise<Map<string, string>> {
  const now = figureInputs();
  const byPath = new Map<string, string>();
  for (const then of await storedInputs(store)) {
    if (then.stage !== 'figures') continue;
    const reason =
      then.version !== now.version
        ? `code version of stage figures changed (${then.version} → ${now.version})`
        : `zlib changed (${then.inputs.encoder} → ${now.inputs.encoder})`;
    if (then.version === now.version && then.inputs.encoder === now.inputs.encoder) continue;
    for (const { path, key } of imagesOf(jobs, [], then)) {
      if (await store.has('figures', key)) byPath.set(path, reason);
    }
  }
  return byPath;
}
