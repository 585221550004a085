import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { headName } from '../../src/schema/head-name.ts';
import type { PatternSession } from '../runtime/pattern-session.ts';
import type { TakePattern } from '../runtime/run-parts.ts';
import { storeCompressor } from '../store/compressor.ts';
import type { PackThread } from '../store/pack-thread.ts';
import type { Store } from '../store/store.ts';
import { writePack, type PackPlan, type PutHead } from '../store/write-pack.ts';
import { headsOf, type ComputedJob } from './plan.ts';
import { matrixPlan } from './store-effects.ts';

/** What of a run is put into the store. */
interface Wanted {
  /** The patterns; the store has them already where this is false. */
  readonly patterns: boolean;
  /** The key of the scores in the stage `extras`, of a session that gives them. */
  readonly scoresKey?: string | undefined;
}

type Run = (take: TakePattern) => Promise<PatternRun>;
type Values = PatternRun['stacks'];

/**
 * Runs a job's prompt, and puts each layer's patterns and scores into the store, at full precision, as they are computed.
 *
 * @returns what else the run gave
 * @throws AtlasError as the session's `run`; nothing is stored then
 */
export async function storePatterns(
  job: ComputedJob,
  session: PatternSession,
  store: Store,
  { patterns, scoresKey }: Wanted = { patterns: true },
): Promise<PatternRun> {
  const write = (stage: 'activations' | 'extras', key: string, pack: PackPlan, run: Run) =>
    writePack(store, { stage, key }, pack, (next) => run(inOrder(job, next)));
  const runWith = (take: TakePattern) =>
    scoresKey === undefined
      ? session.run(job.tokenized.ids, { take })
      : write('extras', scoresKey, matrixPlan(job, 'scores'), (takeScores) =>
          session.run(job.tokenized.ids, { take, takeScores }),
        );
  return patterns ? write('activations', job.activationsKey, patternsPlan(job), runWith) : runWith(drop);
}

/** The pack of a job's patterns in the store. */
function patternsPlan({ model, prompt, tokenized, stacks }: ComputedJob): PackPlan {
  const about = { model: model.source.id, prompt: prompt.id, tokens: tokenized.tokens };
  return { ...about, stacks, precision: 'exact', compressor: storeCompressor };
}

const drop: TakePattern = () => Promise.resolve();

/** Puts layers into a pack head by head, in its order. */
function inOrder(job: ComputedJob, next: PutHead): TakePattern {
  const order = headsOf(job)[Symbol.iterator]();
  return async (stack, layer, values) => {
    const heads = job.stacks.find((shape) => shape.stack === stack)?.heads ?? 1;
    const cells = values.length / heads;
    for (let head = 0; head < heads; head++) {
      const { value: due } = order.next();
      if (due?.stack !== stack || due.layer !== layer || due.head !== head) {
        throw new RangeError(`${stack} ${headName(layer, head)} was computed out of order`);
      }
      await next(values.subarray(head * cells, (head + 1) * cells));
    }
  };
}

/**
 * Puts the patterns and scores of a run into the store, packed by another thread: the bytes that `storePatterns` puts there.
 *
 * @param run its patterns and scores are taken from it
 */
export async function storeRun(
  job: ComputedJob,
  { stacks, extras }: PatternRun,
  thread: PackThread,
  store: Store,
  { patterns, scoresKey }: Wanted,
): Promise<void> {
  const put = async (stage: 'activations' | 'extras', key: string, plan: PackPlan, values?: Values) => {
    const { model, prompt, tokens, compressor } = plan;
    const filled = plan.stacks.map(({ stack, layout, heads, layers }) => {
      const found = layers.map((layer) => [layer, values?.get(stack)?.get(layer)] as const);
      const missing = found.find(([, dense]) => dense === undefined);
      if (missing !== undefined) throw new RangeError(`The run gave nothing of layer ${missing[0]}`);
      return { stack, layout, heads, layers: new Map(found as [number, Float32Array][]) };
    });
    const contents = { model, prompt, tokens, stacks: filled };
    await store.write(stage, key, await thread.pack({ contents, compression: compressor.method }));
  };
  if (patterns) await put('activations', job.activationsKey, patternsPlan(job), stacks);
  if (scoresKey !== undefined)
    await put('extras', scoresKey, matrixPlan(job, 'scores'), extras.heads.get('scores'));
}
