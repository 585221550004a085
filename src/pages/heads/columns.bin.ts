import type { APIRoute } from 'astro';
import { atlasData } from '../../content-loader/atlas-data.ts';
import { encodeHeads } from '../../site/encode-heads.ts';
import { headMetrics } from '../../site/metric-groups.ts';

/** Every head of the atlas in columns, for the queries of `/heads/`; docs/formats.md describes it. */
export const GET: APIRoute = async () => {
  const { atlas, heads, models } = await atlasData();
  const means = headMetrics(atlas).map(
    ({ name }) => [name, Float32Array.from(heads, ({ metrics }) => metrics[name]?.mean ?? NaN)] as const,
  );
  return new Response(encodeHeads(models, heads, new Map(means)));
};
