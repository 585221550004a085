import type { APIRoute } from 'astro';
import { atlasData } from '../content-loader/atlas-data.ts';
import { drawPicture } from '../content-loader/draw-picture.ts';
import { atlasPicture } from '../site/picture-subjects.ts';

/** The picture of every page that has none of its own, for shared links. */
export const GET: APIRoute = async () => {
  const data = await atlasData();
  return new Response(await drawPicture(atlasPicture(data), data.atlas.title));
};
