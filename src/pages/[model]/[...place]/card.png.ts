import type { APIRoute } from 'astro';
import { addressOf, atlasData } from '../../../content-loader/atlas-data.ts';
import { drawPicture } from '../../../content-loader/draw-picture.ts';
import type { HeadRecord } from '../../../schema/records.ts';
import { paths } from '../../../schema/urls.ts';
import { headPicture, picturedPages } from '../../../site/picture-subjects.ts';

export async function getStaticPaths() {
  const { heads } = picturedPages(await atlasData());
  return heads.map((head) => ({
    params: { model: head.model, place: paths.head(addressOf(head)).slice(head.model.length + 2, -1) },
    props: { head },
  }));
}

/** The picture of a head for shared links. */
export const GET: APIRoute<{ head: HeadRecord }> = async ({ props }) => {
  const data = await atlasData();
  return new Response(await drawPicture(headPicture(data, props.head), data.atlas.title));
};
