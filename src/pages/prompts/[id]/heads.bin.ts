import type { APIRoute } from 'astro';
import { atlasData } from '../../../content-loader/atlas-data.ts';
import type { PromptRecord } from '../../../schema/records.ts';
import { encodeHeads } from '../../../site/encode-heads.ts';
import { patternMetrics } from '../../../site/metric-groups.ts';

export async function getStaticPaths() {
  const { prompts } = await atlasData();
  return prompts.map((prompt) => ({ params: { id: prompt.id }, props: { prompt } }));
}

/** Every head of every model on one prompt in columns, for the ranking on its page; docs/formats.md describes it. */
export const GET: APIRoute = async ({ props }) => {
  const { prompt } = props as { prompt: PromptRecord };
  const data = await atlasData();
  const heads = prompt.models.flatMap(({ model, plate }) => plate.tiles.map((tile) => ({ ...tile, model })));
  const values = patternMetrics(data.atlas).map(({ name }) => {
    const column = prompt.models.flatMap((entry) =>
      entry.plate.tiles.map((_, index) => entry.values[name]?.[index] ?? NaN),
    );
    return [name, Float32Array.from(column)] as const;
  });
  const models = prompt.models.map(({ model }) => data.model(model));
  return new Response(encodeHeads(models, heads, new Map(values)));
};
