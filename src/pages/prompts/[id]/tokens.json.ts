import type { APIRoute } from 'astro';
import { atlasData } from '../../../content-loader/atlas-data.ts';
import type { PromptRecord } from '../../../schema/records.ts';
import type { TokenPlacesFile } from '../../../schema/token-places.ts';

export async function getStaticPaths() {
  const { prompts } = await atlasData();
  return prompts.map((prompt) => ({ params: { id: prompt.id }, props: { prompt } }));
}

/** Where the tokens of each tokenizer lie in one prompt; docs/formats.md describes it. */
export const GET: APIRoute = ({ props }) => {
  const { prompt } = props as { prompt: PromptRecord };
  const places: TokenPlacesFile = prompt.tokenizations.flatMap(({ models, offsets }) =>
    offsets === undefined ? [] : [{ models, offsets }],
  );
  return Response.json(places);
};
