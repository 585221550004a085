import { constants, deflateRawSync } from 'node:zlib';
import pMap from 'p-map';
import { withinOne } from '../../src/core/check-rows.ts';
import { raw } from '../../src/core/figures/raw.ts';
import { measure, type Metric } from '../../src/core/metrics/metric.ts';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import { PACK_VERSION } from '../../src/core/pack/header.ts';
import type { Compressor } from '../../src/core/pack/pack-blocks.ts';
import { thumbnailOf } from '../../src/core/thumbnail.ts';
import type { Precision } from '../../src/schema/precision.ts';
import { outputKey, type StageName, type Store } from '../store/store.ts';
import type { Job, PatternSource } from './plan.ts';
import { readStoredPatterns, stackPatterns, type StoredPatterns } from './read-patterns.ts';
import { beginStage, type StageContext, type StageCounter } from './stage-context.ts';
import { encodeThumbnails } from './thumbnail-file.ts';

/** Raised when the stage comes to give other bytes for the same input. */
const VERSIONS = { packs: 1, measures: 1, thumbnails: 1 } as const;

/** Packs are read by browsers, which can all inflate. */
const deflate: Compressor = {
  method: 'deflate',
  compress: (bytes) => deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** Metric values of every head on one prompt, in the order of the pack's heads; null where one is not defined. */
export type Measures = Readonly<Record<string, readonly (number | null)[]>>;

/** Where in the store what was derived from one job's patterns lies. */
export interface DerivedKeys {
  readonly pack: string;
  readonly measures: string;
  readonly thumbnails: string;
}

/** Prompts in work at once: while one is written to the disk, another is computed. */
const AT_ONCE = 8;

/** What is asked of the patterns of a run. */
export interface DeriveOptions {
  readonly precision: Precision;
  readonly metrics: readonly Metric[];
}

/** The keys of what `derive` makes of a job's patterns. */
export function derivedKeys(job: Job, { precision, metrics }: DeriveOptions): DerivedKeys {
  const patterns = job.activationsKey;
  const names = metrics.map((metric) => metric.name);
  return {
    pack: outputKey('packs', VERSIONS.packs, { patterns, precision, format: PACK_VERSION }),
    measures: outputKey('measures', VERSIONS.measures, { patterns, ids: job.tokenized.ids, names }),
    thumbnails: thumbnailsKey(job),
  };
}

/** The key of the thumbnails of a source's heads. */
export function thumbnailsKey({ activationsKey }: PatternSource): string {
  return outputKey('thumbnails', VERSIONS.thumbnails, { patterns: activationsKey });
}

/** Makes the thumbnails of the sources that the store lacks; all of them with `force`. */
export async function drawThumbnails(
  sources: readonly PatternSource[],
  store: Store,
  context: StageContext,
  { force }: { readonly force: boolean },
): Promise<void> {
  const counter = beginStage(context, 'thumbnails', sources.length);
  for (const source of sources) {
    context.signal.throwIfAborted();
    const key = thumbnailsKey(source);
    if (!force && (await store.has('thumbnails', key))) {
      counter.reused();
      continue;
    }
    const stored = readStoredPatterns(await store.read('activations', source.activationsKey));
    await store.write('thumbnails', key, makeThumbnails(stored));
    counter.made();
  }
  counter.end();
}

/** Makes, of each job's stored patterns, the pack for viewing, the measures and the thumbnails that the store lacks. */
export async function derive(
  jobs: readonly Job[],
  store: Store,
  context: StageContext,
  options: DeriveOptions,
): Promise<void> {
  const counters: Record<keyof DerivedKeys, StageCounter> = {
    pack: beginStage(context, 'packs', jobs.length),
    measures: beginStage(context, 'metrics', jobs.length),
    thumbnails: beginStage(context, 'thumbnails', jobs.length),
  };
  const deriveNext = async (job: Job) => {
    context.signal.throwIfAborted();
    await deriveOne(job, store, options, counters);
  };
  await pMap(jobs, deriveNext, { concurrency: AT_ONCE });
  for (const counter of Object.values(counters)) counter.end();
}

async function deriveOne(
  job: Job,
  store: Store,
  options: DeriveOptions,
  counters: Record<keyof DerivedKeys, StageCounter>,
): Promise<void> {
  const keys = derivedKeys(job, options);
  let patterns: StoredPatterns | undefined;
  const lack = async (
    kind: keyof DerivedKeys,
    stage: StageName,
    make: (stored: StoredPatterns) => Uint8Array,
  ) => {
    if (await store.has(stage, keys[kind])) {
      counters[kind].reused();
      return;
    }
    patterns ??= readStoredPatterns(await store.read('activations', job.activationsKey));
    await store.write(stage, keys[kind], make(patterns));
    counters[kind].made();
  };
  await lack('pack', 'packs', (stored) => makePack(job, stored, options.precision));
  await lack('measures', 'measures', (stored) => makeMeasures(job, stored, options.metrics));
  await lack('thumbnails', 'thumbnails', makeThumbnails);
}

function makePack(job: Job, stored: StoredPatterns, precision: Precision): Uint8Array {
  const { model, prompt } = job;
  const contents = {
    model: model.source.id,
    prompt: prompt.id,
    tokens: stored.tokens,
    stacks: stackPatterns(stored),
  };
  return encodePack(contents, precision, deflate);
}

function makeMeasures(job: Job, stored: StoredPatterns, metrics: readonly Metric[]): Uint8Array {
  const { ids, tokens, offsets, isNumbered = false } = job.tokenized;
  const known = {
    ...(!isNumbered && { ids, tokens }),
    ...(offsets && { places: { text: job.prompt.text, offsets } }),
  };
  const ofPatterns = metrics.filter((metric) => metric.scope === 'pattern');
  const values: Record<string, (number | null)[]> = Object.fromEntries(
    ofPatterns.map(({ name }) => [name, []]),
  );
  for (const { pattern } of stored.heads()) {
    const measured = 'npz' in job ? withinOne(pattern) : pattern;
    for (const metric of ofPatterns) {
      values[metric.name]?.push(measure(metric, { ...known, pattern: measured }));
    }
  }
  return Buffer.from(JSON.stringify(values));
}

function makeThumbnails(stored: StoredPatterns): Uint8Array {
  return encodeThumbnails(
    Array.from(stored.heads(), ({ pattern }) => thumbnailOf(raw.draw({ pattern }), pattern.layout)),
  );
}
