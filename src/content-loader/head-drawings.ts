import { stat } from 'node:fs/promises';
import { assets, type HeadAddress } from '../schema/urls.ts';
import { assetUrl } from '../site/asset-url.ts';
import { headFigures } from '../site/page-figures.ts';
import { atlasData } from './atlas-data.ts';
import { inAtlasFolder } from './atlas-folder.ts';

/** A figure of one head over all prompts, as the pipeline drew it. */
export interface HeadDrawing {
  readonly name: string;
  readonly title: string;
  readonly reading: string;
  /** The drawing's address; undefined where the figure is not available for this head. */
  readonly file: string | undefined;
}

/** The drawings of a head, one a figure of the atlas that is drawn of all prompts. */
export async function headDrawings(head: HeadAddress): Promise<HeadDrawing[]> {
  const { atlas } = await atlasData();
  return Promise.all(
    headFigures(atlas.figures).map(async ({ name, title, reading }) => {
      const asset = assets.headFigure(name, head);
      const bytes = await stat(inAtlasFolder('public', asset)).then(
        ({ size }) => size,
        () => 0,
      );
      const file = bytes === 0 ? undefined : assetUrl(import.meta.env.BASE_URL, asset);
      return { name, title, reading, file };
    }),
  );
}
