import type { SiteIndex } from '../../schema/site-index.ts';
import type { HeadAddress } from '../../schema/urls.ts';

/** Every head that has patterns, model by model, stack by stack, layer by layer: the columns of the search count these. */
export function headsOfModels(models: SiteIndex['models']): HeadAddress[] {
  return models.flatMap(({ id, stacks }) =>
    stacks.flatMap(({ stack, heads, layers }) =>
      layers.flatMap((layer) =>
        Array.from({ length: heads }, (_, head): HeadAddress => ({ model: id, stack, layer, head })),
      ),
    ),
  );
}
