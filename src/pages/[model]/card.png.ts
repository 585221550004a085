import type { APIRoute } from 'astro';
import { atlasData } from '../../content-loader/atlas-data.ts';
import { drawPicture } from '../../content-loader/draw-picture.ts';
import type { ModelRecord } from '../../schema/records.ts';
import { modelPicture } from '../../site/picture-subjects.ts';

export async function getStaticPaths() {
  const { models } = await atlasData();
  return models.map((model) => ({ params: { model: model.id }, props: { model } }));
}

/** The picture of a model for shared links. */
export const GET: APIRoute<{ model: ModelRecord }> = async ({ props }) => {
  const data = await atlasData();
  return new Response(await drawPicture(modelPicture(data, props.model), data.atlas.title));
};
