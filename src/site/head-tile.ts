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
  /** The head's contact sheet, with its width and height in pixels, where the picture is another. */
  readonly sheet?: readonly [file: string, width: number, height: number];
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
  const { width, height } = sheet;
  const sheetFile = assets.sheet(contactSheet.name, head);
  const plate = data.prompt(prompt).models.find(({ model }) => model === head.model)?.plate;
  if (lone && plate !== undefined && plate.width * plate.height < width * height) {
    const tile = plate.tiles.find(
      ({ stack, layer, head: number }) =>
        stack === head.stack && layer === head.layer && number === head.head,
    );
    const file = assets.plate(raw.name, head.model, prompt);
    const { width: plateWidth, height: plateHeight } = plate;
    return tile && { file, width: plateWidth, height: plateHeight, tile, sheet: [sheetFile, width, height] };
  }
  const tile = sheet.tiles.find((other) => other.prompt === prompt);
  return tile && { file: sheetFile, width, height, tile };
}
