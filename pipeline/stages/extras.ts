import type { Metric } from '../../src/core/metrics/metric.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { layoutSize } from '../../src/schema/stacks.ts';
import { outputKey, type Store } from '../store/store.ts';
import { promptsOf, type MeasureRequest } from './measures.ts';
import { headsOf, type Job, type PatternSource } from './plan.ts';
import { isProbeId } from './probe-prompts.ts';

/** Raised when the stage `extras` comes to give other bytes for the same input. */
export const EXTRAS_VERSION = 1;

/** The inputs of metrics that the engine computes beside the patterns, and its names of them. */
const ENGINE_NAMES = { tokenLoss: 'loss', valueNorms: 'value-norms' } as const;

/** An input of metrics that the engine computes beside the patterns: an object of the store for each prompt. */
export type Extra = keyof typeof ENGINE_NAMES;

/** What the engine calls them. */
export function engineNames(extras: readonly Extra[]): (typeof ENGINE_NAMES)[Extra][] {
  return extras.map((extra) => ENGINE_NAMES[extra]);
}

/** The extras that `metrics` look at on a job's prompt; none of imported patterns, which have no model to ask. */
export function extrasOf(job: Job, metrics: readonly Metric[]): Extra[] {
  if ('npz' in job) return [];
  const prompts = isProbeId(job.prompt.id) ? 'repeated-tokens' : 'atlas';
  const inputs = new Set<string>(
    metrics.flatMap((metric) => (promptsOf(metric) === prompts ? metric.inputs : [])),
  );
  return (['tokenLoss', 'valueNorms'] as const).filter((extra) => inputs.has(extra));
}

/**
 * The key of an extra of a job's prompt in the stage `extras`.
 *
 * @param version an earlier one, to look up what an earlier version of the stage made
 */
export function extraKey(
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
  extra: Extra,
  version: number = EXTRAS_VERSION,
): string {
  return outputKey('extras', version, { patterns: activationsKey, extra });
}

/** The keys of everything that `metrics` look at on a job's prompt in the stage `extras`. */
export function extraKeys(job: Job, metrics: readonly Metric[]): string[] {
  return extrasOf(job, metrics).map((extra) => extraKey(job, extra));
}

/**
 * Puts an extra of a run into the store, as little-endian float32: of `tokenLoss` the loss of each token but the first;
 * of `valueNorms` `[keys]` a head, in the order of the pack. An object without content says that the model has none.
 */
export async function storeExtra(job: Job, extra: Extra, run: PatternRun, store: Store): Promise<void> {
  const values = extra === 'tokenLoss' ? [run.extras.loss ?? new Float32Array()] : normsOf(job, run);
  await store.write('extras', extraKey(job, extra), Buffer.concat(values.map(bytesOf)));
}

/** Of each layer of the pack, `[heads, keys]`; nothing where a layer has none. */
function normsOf({ stacks }: PatternSource, { extras }: PatternRun): Float32Array[] {
  if (extras.unavailable.has('value-norms')) return [];
  const ofStacks = extras.heads.get('value-norms');
  return stacks.flatMap(({ stack, layers }) =>
    layers.map((layer) => {
      const norms = ofStacks?.get(stack)?.get(layer);
      if (norms === undefined) throw new RangeError(`The run gave no value norms of layer ${layer}`);
      return norms;
    }),
  );
}

/**
 * The extras of a job's prompt that `metrics` look at and its model has.
 *
 * @throws AtlasError `store-damaged` where one was not computed
 */
export async function storedExtras(
  job: Job,
  metrics: readonly Metric[],
  store: Store,
): Promise<Pick<MeasureRequest['known'], 'tokenLoss'> & Pick<MeasureRequest, 'valueNorms'>> {
  const wanted = extrasOf(job, metrics);
  const read = async (extra: Extra) =>
    floatsOf(wanted.includes(extra) ? await store.read('extras', extraKey(job, extra)) : new Uint8Array());
  const [loss, norms] = await Promise.all([read('tokenLoss'), read('valueNorms')]);
  return {
    ...(loss.length > 0 && { tokenLoss: Float32Array.of(Number.NaN, ...loss) }),
    ...(norms.length > 0 && { valueNorms: byHead(job, norms) }),
  };
}

function byHead(job: PatternSource, norms: Float32Array): Float32Array[] {
  const columns = new Map(job.stacks.map(({ stack, layout }) => [stack, layoutSize(layout).columns]));
  let at = 0;
  return headsOf(job).map(({ stack }) => norms.slice(at, (at += columns.get(stack) ?? 0)));
}

function bytesOf(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [at, value] of values.entries()) view.setFloat32(4 * at, value, true);
  return new Uint8Array(view.buffer);
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
