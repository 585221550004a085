import type { AtlasData } from '../content-loader/atlas-data.ts';
import { contactSheet } from '../core/figures/contact-sheet.ts';
import { raw } from '../core/figures/raw.ts';
import type { Tile } from '../schema/records.ts';
import { assets, paths, type HeadAddress } from '../schema/urls.ts';

/** One small pattern, and the picture that it is cut out of. */
export interface HeadTile {
  /** Of the picture, below the base. */
  readonly file: string;
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly tile: Tile;
}

/**
 * The pattern of one head on one prompt; undefined where the head has none.
 *
 * @param lone it is wanted before, or without, the other patterns of its head: it comes out of the plate of all heads on the
 *   prompt, where that is smaller than the contact sheet of the head on all prompts
 */
export function headTile(
  data: AtlasData,
  head: HeadAddress,
  prompt: string,
  lone: boolean,
): HeadTile | undefined {
  if (!data.hasPage(paths.head(head))) return undefined;
  const { sheet } = data.model(head.model);
  const plate = data.prompt(prompt).models.find(({ model }) => model === head.model)?.plate;
  if (lone && plate !== undefined && plate.width * plate.height < sheet.width * sheet.height) {
    const tile = plate.tiles.find(
      ({ stack, layer, head: number }) =>
        stack === head.stack && layer === head.layer && number === head.head,
    );
    const file = assets.plate(raw.name, head.model, prompt);
    return tile && { file, width: plate.width, height: plate.height, tile };
  }
  const tile = sheet.tiles.find((other) => other.prompt === prompt);
  const file = assets.sheet(contactSheet.name, head);
  return tile && { file, width: sheet.width, height: sheet.height, tile };
}
