import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { headName } from '../../src/schema/head-name.ts';
import type { PatternSession } from '../runtime/pattern-session.ts';
import { storeCompressor } from '../store/compressor.ts';
import type { Store } from '../store/store.ts';
import { writePack } from '../store/write-pack.ts';
import { headsOf, type ComputedJob } from './plan.ts';

/**
 * Runs a job's prompt, and puts each layer's patterns into the store, at full precision, as they are computed.
 *
 * @returns what else the run gave
 * @throws AtlasError as the session's `run`; nothing is stored then
 */
export async function storePatterns(
  job: ComputedJob,
  session: PatternSession,
  store: Store,
): Promise<PatternRun> {
  const about = { model: job.model.source.id, prompt: job.prompt.id, tokens: job.tokenized.tokens };
  const plan = { ...about, stacks: job.stacks, precision: 'exact', compressor: storeCompressor } as const;
  const order = headsOf(job)[Symbol.iterator]();
  return writePack(store, { stage: 'activations', key: job.activationsKey }, plan, (next) =>
    session.run(job.tokenized.ids, {
      async take(stack, layer, values) {
        const heads = job.stacks.find((shape) => shape.stack === stack)?.heads ?? 1;
        const cells = values.length / heads;
        for (let head = 0; head < heads; head++) {
          const { value: due } = order.next();
          if (due?.stack !== stack || due.layer !== layer || due.head !== head) {
            throw new RangeError(`${stack} ${headName(layer, head)} was computed out of order`);
          }
          await next(values.subarray(head * cells, (head + 1) * cells));
        }
      },
    }),
  );
}
