import { encodeHeadColumns } from '../core/query/head-columns.ts';
import type { ModelRecord } from '../schema/records.ts';
import { STACKS } from '../schema/stacks.ts';
import type { HeadAddress } from '../schema/urls.ts';

/**
 * Heads and their metrics as one file in columns (docs/formats.md).
 *
 * @param values by metric, in the order of `heads`; NaN where the metric is not available
 */
export function encodeHeads(
  models: readonly ModelRecord[],
  heads: readonly HeadAddress[],
  values: ReadonlyMap<string, Float32Array>,
): Uint8Array<ArrayBuffer> {
  const places = new Map(models.map(({ id }, at) => [id, at]));
  return encodeHeadColumns({
    count: heads.length,
    models: models.map(({ id, name, family, series }) => ({
      id,
      name,
      family: family ?? 'imported',
      ...(series === undefined ? {} : { series }),
    })),
    stacks: STACKS,
    model: Uint16Array.from(heads, ({ model }) => places.get(model) ?? 0),
    stack: Uint8Array.from(heads, ({ stack }) => STACKS.indexOf(stack)),
    layer: Uint16Array.from(heads, ({ layer }) => layer),
    head: Uint16Array.from(heads, ({ head }) => head),
    metrics: values,
  });
}
