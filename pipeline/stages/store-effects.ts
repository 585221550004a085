import { matrixLayout, type MatrixInput } from '../../src/core/matrix-inputs.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import type { Store } from '../store/store.ts';
import { writePack, type PackPlan } from '../store/write-pack.ts';
import { deflate } from '../store/compressor.ts';
import type { PatternSource } from './plan.ts';

/** The pack of an input that holds a matrix of each head, as pages read it: float32, deflated, without prompt and tokens. */
export function matrixPlan({ stacks }: Pick<PatternSource, 'stacks'>, input: MatrixInput): PackPlan {
  const shapes = stacks.map((shape) => ({ ...shape, layout: matrixLayout(input, shape.layout) }));
  const about = { model: '', prompt: '', tokens: [] };
  return { ...about, stacks: shapes, precision: 'exact', compressor: deflate };
}

/**
 * Puts a run's effects of heads on logits into the store.
 *
 * @param key in the stage `extras`; an object without content says that the model has none
 */
export async function storeEffects(
  source: Pick<PatternSource, 'stacks'>,
  key: string,
  { extras }: PatternRun,
  store: Store,
): Promise<void> {
  if (extras.unavailable.has('logit-effects')) {
    await store.write('extras', key, new Uint8Array());
    return;
  }
  const ofStacks = extras.heads.get('logit-effects');
  await writePack(store, { stage: 'extras', key }, matrixPlan(source, 'logitEffects'), async (next) => {
    for (const { stack, heads, layers } of source.stacks) {
      for (const layer of layers) {
        const values = ofStacks?.get(stack)?.get(layer) ?? new Float32Array();
        const cells = values.length / heads;
        for (let head = 0; head < heads; head++)
          await next(values.subarray(head * cells, (head + 1) * cells));
      }
    }
  });
}
