import type { HeadEdit } from '../../../engine/extras.ts';
import type { Ablation } from '../../../schema/live-state.ts';
import type { OpenModel } from './open-model.ts';

/**
 * What is done to the heads of each layer so that these are out: nothing stands in their place, or their mean over the
 * atlas's prompts. Heads that the model does not have, or that reach nothing it gives out, are left alone.
 */
export function headEdits({ graph, means }: OpenModel, ablations: readonly Ablation[]): HeadEdit[] {
  return graph.editPoints.flatMap(({ layer, heads, size }) => {
    const here = ablations.filter((ablation) => ablation.layer === layer && ablation.head < heads);
    if (here.length === 0) return [];
    const mask = new Float32Array(heads).fill(1);
    const replacement = new Float32Array(heads * size);
    for (const { head, kind } of here) {
      mask[head] = 0;
      const mean = kind === 'mean' ? means.get(layer)?.slice(head * size, (head + 1) * size) : undefined;
      if (mean !== undefined) replacement.set(mean, head * size);
    }
    return [{ layer, mask, replacement }];
  });
}
