import pMap from 'p-map';
import { paintMosaic } from '../../src/core/mosaic.ts';
import { LARGEST_THUMBNAIL_BYTES, type ShadedPicture, type Thumbnail } from '../../src/core/thumbnail.ts';
import { groupsWithin } from '../memory.ts';
import type { Store } from '../store/store.ts';
import { figureInputs, layPlate, type FigureImage, type Plate, type Sheet } from './figure-images.ts';
import { drawHeadImages } from './head-drawings.ts';
import { storeInputs } from './pattern-inputs.ts';
import { encodePng } from './shaded-png.ts';
import { beginStage, type StageContext } from './stage-context.ts';
import { decodeThumbnails } from './thumbnail-file.ts';

const AT_ONCE = 4;

/**
 * Draws the images that the store lacks; all of them with `force`. Their thumbnails must be in the store.
 *
 * @param keepsEmpty as for `drawHeadImages`
 * @returns those that are in the store now: a figure of heads may fail, or not be available
 */
export async function drawFigures(
  images: readonly FigureImage[],
  store: Store,
  context: StageContext,
  { force, keepsEmpty }: { readonly force: boolean; readonly keepsEmpty: boolean },
): Promise<FigureImage[]> {
  const counter = beginStage(context, 'figures', images.length);
  const missing: FigureImage[] = [];
  for (const image of images) {
    if (!force && (await store.has('figures', image.key))) counter.reused();
    else missing.push(image);
  }
  if (missing.length > 0) await storeInputs(figureInputs(), store);
  const save = async (image: FigureImage, drawn: ShadedPicture) => {
    context.signal.throwIfAborted();
    await store.write('figures', image.key, await encodePng(drawn));
    counter.made();
  };
  const plates = missing.filter((image) => image.kind === 'plate');
  await pMap(plates, async (plate) => save(plate, await paintPlate(plate, store)), { concurrency: AT_ONCE });
  const sheets = missing.filter((image) => image.kind === 'sheet');
  for (const ofModel of Map.groupBy(sheets, (sheet) => sheet.thumbnailsKeys).values()) {
    const bytesOfSheet = LARGEST_THUMBNAIL_BYTES * (ofModel[0]?.thumbnailsKeys.length ?? 1);
    for (const group of groupsWithin(ofModel, bytesOfSheet, context.memory)) {
      const thumbnails = await thumbnailsOfSheets(group, store);
      const draw = (sheet: Sheet, index: number) =>
        save(sheet, sheet.drawn.draw({ thumbnails: thumbnails[index] ?? [] }));
      await pMap(group, draw, { concurrency: AT_ONCE });
    }
  }
  const ofHeads = missing.filter((image) => image.kind === 'head');
  const left = new Set<FigureImage>(ofHeads);
  for (const image of await drawHeadImages(ofHeads, store, context, { counter, keepsEmpty }))
    left.delete(image);
  counter.end();
  return images.filter((image) => !left.has(image));
}

async function paintPlate({ source, thumbnailsKey }: Plate, store: Store): Promise<ShadedPicture> {
  const mosaic = layPlate(source);
  const shades = paintMosaic(mosaic, await readThumbnails(thumbnailsKey, store));
  return { width: mosaic.width, height: mosaic.height, shades };
}

/** The thumbnails of each of the sheets of one model, without the others that lie in the same objects. */
async function thumbnailsOfSheets(sheets: readonly Sheet[], store: Store): Promise<Thumbnail[][]> {
  const bySheet = sheets.map((): Thumbnail[] => []);
  for (const key of sheets[0]?.thumbnailsKeys ?? []) {
    const thumbnails = await readThumbnails(key, store);
    for (const [index, { headIndex }] of sheets.entries()) {
      const thumbnail = thumbnails[headIndex];
      if (thumbnail === undefined) continue;
      bySheet[index]?.push({ ...thumbnail, shades: Uint8Array.from(thumbnail.shades) });
    }
  }
  return bySheet;
}

async function readThumbnails(key: string, store: Store): Promise<Thumbnail[]> {
  return decodeThumbnails(await store.read('thumbnails', key));
}
