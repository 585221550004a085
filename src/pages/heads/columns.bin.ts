import type { APIRoute } from 'astro';
import { atlasData } from '../../content-loader/atlas-data.ts';
import { encodeHeadColumns } from '../../core/query/head-columns.ts';
import { headMetrics } from '../../site/metric-groups.ts';
import { STACKS } from '../../schema/stacks.ts';

/** Every head of the atlas in columns, for the queries of `/heads/`; docs/formats.md describes it. */
export const GET: APIRoute = async () => {
  const { atlas, heads, models } = await atlasData();
  const places = new Map(models.map(({ id }, at) => [id, at]));
  const file = encodeHeadColumns({
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
    metrics: new Map(
      headMetrics(atlas).map(({ name }) => [
        name,
        Float32Array.from(heads, ({ metrics }) => metrics[name]?.mean ?? NaN),
      ]),
    ),
  });
  return new Response(file);
};
