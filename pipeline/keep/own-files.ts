import { join } from 'node:path';
import pMap from 'p-map';
import type { Metric } from '../../src/core/metrics/metric.ts';
import type { LoadedConfig } from '../load-config.ts';
import { storedMeasures } from '../stages/derive.ts';
import { measureName, promptsOf } from '../stages/measures.ts';
import { isProbeId } from '../stages/probe-prompts.ts';
import type { Files } from '../store/files.ts';
import type { KeptStore } from './open-kept.ts';
import type { WantedObject } from './wanted-objects.ts';

/** What the store holds of one of the user's own files. */
export interface OwnFileState {
  /** As the config writes it. */
  readonly file: string;
  readonly kind: 'figure' | 'metric';
  readonly name: string;
  /**
   * `stale` where something is of an older file or of other prompts, `missing` where nothing is; of a figure of patterns, which
   * pages draw by themselves, `not stored`.
   */
  readonly state: 'stored' | 'stale' | 'missing' | 'not stored';
  /** Prompts of a metric, heads of a figure: those that the next build computes or draws, of how many. */
  readonly lacking: number;
  readonly of: number;
}

/** The state of each own file of a config. */
export async function ownFileStates(kept: KeptStore, files: Pick<Files, 'length'>): Promise<OwnFileState[]> {
  const { own } = kept.loaded;
  const ofFigures = await pMap(own.figures, async ({ file, definition }): Promise<OwnFileState> => {
    const { name } = definition;
    const found = await drawnStates(kept, name, files);
    const state = definition.scope === 'head' ? overall(found) : 'not stored';
    return { file, kind: 'figure', name, state, ...counts(found) };
  });
  const ofMetrics = await pMap(own.metrics, async ({ file, definition }): Promise<OwnFileState> => {
    const found = await measuredStates(kept, definition);
    return { file, kind: 'metric', name: definition.name, state: overall(found), ...counts(found) };
  });
  return [...ofFigures, ...ofMetrics];
}

/** A line for a person. */
export function describeOwnFile({ file, kind, name, state, lacking, of }: OwnFileState): string {
  const unit = kind === 'metric' ? 'prompts' : 'heads';
  const says = {
    stored: `stored for ${of} ${unit}`,
    stale: `stale on ${lacking} of ${of} ${unit}`,
    missing: `missing on ${lacking} of ${of} ${unit}`,
    'not stored': 'drawn by pages, and not stored',
  };
  return `${file}: ${kind} ${name}, ${says[state]}`;
}

type State = 'stored' | 'stale' | 'missing';

function overall(found: readonly State[]): State {
  return found.includes('stale') ? 'stale' : found.includes('missing') ? 'missing' : 'stored';
}

function counts(found: readonly State[]): Pick<OwnFileState, 'lacking' | 'of'> {
  return { lacking: found.filter((state) => state !== 'stored').length, of: found.length };
}

/** By prompt and model: a metric goes by its name and the hash of its file. */
async function measuredStates({ wanted, store }: KeptStore, metric: Metric): Promise<State[]> {
  const jobs = wanted.flatMap((object) => (object.stage === 'measures' ? [object.job] : []));
  const looked = jobs.filter(
    ({ prompt }) => (isProbeId(prompt.id) ? 'repeated-tokens' : 'atlas') === promptsOf(metric),
  );
  return pMap(
    looked,
    async (job) => {
      const names = Object.keys(await storedMeasures(job, store));
      if (names.includes(measureName(metric))) return 'stored';
      return names.some((name) => name.startsWith(`${metric.name}@`)) ? 'stale' : 'missing';
    },
    { concurrency: 16 },
  );
}

/** By head: what is published of a figure, and is not what the store would give now, is of an older file or other prompts. */
async function drawnStates(
  { wanted, store, loaded }: KeptStore,
  name: string,
  files: Pick<Files, 'length'>,
): Promise<State[]> {
  const images = wanted.flatMap((object) => (isDrawing(object, name) ? [object.image] : []));
  return pMap(
    images,
    async ({ key, path }) => {
      if (await store.has('figures', key)) return 'stored';
      return (await files.length(publishedAt(loaded, path))) === undefined ? 'missing' : 'stale';
    },
    { concurrency: 16 },
  );
}

function isDrawing(
  object: WantedObject,
  name: string,
): object is Extract<WantedObject, { stage: 'figures' }> {
  return object.stage === 'figures' && object.image.kind === 'head' && object.image.figure === name;
}

function publishedAt({ root }: Pick<LoadedConfig, 'root'>, path: string): string {
  return join(root, 'public', path);
}
