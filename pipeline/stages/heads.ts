import type { HeadAddress } from '../../src/schema/urls.ts';
import type { ModelAtHand } from './plan.ts';

/** Every head of a model that has a pattern, in the order of its packs: stack by stack, layer by layer. */
export function headsOf(model: ModelAtHand): HeadAddress[] {
  return model.checkpoint.description.stacks.flatMap(({ stack, heads, layers }) =>
    layers
      .filter((layer) => layer.hasPattern)
      .flatMap((layer) =>
        Array.from({ length: heads }, (_, head) => ({ model: model.source.id, stack, layer: layer.index, head })),
      ),
  );
}
