import type { APIRoute } from 'astro';
import { atlasData } from '../../../content-loader/atlas-data.ts';
import { drawPicture } from '../../../content-loader/draw-picture.ts';
import type { PromptRecord } from '../../../schema/records.ts';
import { picturedPages, promptPicture } from '../../../site/picture-subjects.ts';

export async function getStaticPaths() {
  const { prompts } = picturedPages(await atlasData());
  return prompts.map((prompt) => ({ params: { id: prompt.id }, props: { prompt } }));
}

/** The picture of a prompt for shared links. */
export const GET: APIRoute<{ prompt: PromptRecord }> = async ({ props }) => {
  const data = await atlasData();
  return new Response(await drawPicture(promptPicture(data, props.prompt), data.atlas.title));
};
