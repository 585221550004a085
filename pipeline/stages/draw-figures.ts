import pMap from 'p-map';
import sharp from 'sharp';
import type { HeadFigure } from '../../src/core/figures/figure.ts';
import { layMosaic, paintMosaic, type Mosaic } from '../../src/core/mosaic.ts';
import { thumbnailSize, type Thumbnail } from '../../src/core/thumbnail.ts';
import { outputKey, type Store } from '../store/store.ts';
import { layoutOf, type Job } from './plan.ts';
import { beginStage, type StageContext, type StageCounter } from './stage-context.ts';
import { decodeThumbnails } from './thumbnail-file.ts';

/** Raised when the stage comes to give other bytes for the same input. */
const FIGURES_VERSION = 1;
/** libwebp's default effort: the pictures are small, and there are many. */
const WEBP = { lossless: true, effort: 4 } as const;
const ENCODED_AT_ONCE = 4;

/** An image of a figure of scope `pattern`: all heads of a model on one prompt. */
export interface Plate {
  readonly figure: string;
  readonly job: Job;
  readonly thumbnailsKey: string;
}

/** An image of a figure of scope `head`: one head on all prompts of its model. */
export interface Sheet {
  readonly figure: HeadFigure;
  readonly jobs: readonly Job[];
  /** Of the figure `raw`, one a job. */
  readonly thumbnailsKeys: readonly string[];
  /** The head's position among those of a pack. */
  readonly headIndex: number;
}

/** How the heads of a job lie in its plate: layers down, heads across. */
export function layPlate(job: Job): Mosaic {
  const { stacks } = job.model.checkpoint.description;
  const sizes = stacks.flatMap((stack) => {
    const size = thumbnailSize(layoutOf(job, stack));
    const layers = stack.layers.filter((layer) => layer.hasPattern).length;
    return Array<typeof size>(stack.heads * layers).fill(size);
  });
  return layMosaic(sizes, Math.max(...stacks.map((stack) => stack.heads)));
}

export function plateKey({ figure, thumbnailsKey }: Plate): string {
  return outputKey('figures', FIGURES_VERSION, { figure, thumbnailsKey, webp: encoderVersion() });
}

export function sheetKey({ figure, thumbnailsKeys, headIndex }: Sheet): string {
  return outputKey('figures', FIGURES_VERSION, {
    figure: figure.name,
    thumbnailsKeys,
    headIndex,
    webp: encoderVersion(),
  });
}

function encoderVersion(): string {
  return sharp.versions.webp ?? sharp.versions.sharp ?? '';
}

/** Draws the plates and sheets that the store lacks. */
export async function drawFigures(
  plates: readonly Plate[],
  sheets: readonly Sheet[],
  store: Store,
  context: StageContext,
): Promise<void> {
  const counter = beginStage(context, 'figures', plates.length + sheets.length);
  await pMap(plates, (plate) => drawPlate(plate, store, context, counter), { concurrency: ENCODED_AT_ONCE });
  const missing = await withoutStored(sheets, store, counter);
  for (const group of sheetsOfOneModel(missing)) await drawSheets(group, store, context, counter);
  counter.end();
}

async function drawPlate(plate: Plate, store: Store, context: StageContext, counter: StageCounter): Promise<void> {
  context.signal.throwIfAborted();
  const key = plateKey(plate);
  if (await store.has('figures', key)) {
    counter.reused();
    return;
  }
  const thumbnails = decodeThumbnails(await store.read('thumbnails', plate.thumbnailsKey));
  const mosaic = layPlate(plate.job);
  await store.write('figures', key, await encodeWebp({ ...mosaic, ...paintMosaic(mosaic, thumbnails) }));
  counter.made();
}

async function withoutStored(sheets: readonly Sheet[], store: Store, counter: StageCounter): Promise<Sheet[]> {
  const missing: Sheet[] = [];
  for (const sheet of sheets) {
    if (await store.has('figures', sheetKey(sheet))) counter.reused();
    else missing.push(sheet);
  }
  return missing;
}

function sheetsOfOneModel(sheets: readonly Sheet[]): Sheet[][] {
  return [...Map.groupBy(sheets, (sheet) => sheet.jobs).values()];
}

/** Draws sheets of the same jobs, reading the thumbnails of each job once. */
async function drawSheets(
  sheets: readonly Sheet[],
  store: Store,
  context: StageContext,
  counter: StageCounter,
): Promise<void> {
  const columns = sheets.map((): Thumbnail[] => []);
  for (const key of sheets[0]?.thumbnailsKeys ?? []) {
    context.signal.throwIfAborted();
    const thumbnails = decodeThumbnails(await store.read('thumbnails', key));
    for (const [index, { headIndex }] of sheets.entries()) {
      const thumbnail = thumbnails[headIndex];
      if (thumbnail !== undefined) columns[index]?.push(thumbnail);
    }
  }
  const draw = async (sheet: Sheet, index: number) => {
    const image = sheet.figure.draw({ thumbnails: columns[index] ?? [] });
    await store.write('figures', sheetKey(sheet), await encodeWebp(image));
    counter.made();
  };
  await pMap(sheets, draw, { concurrency: ENCODED_AT_ONCE });
}

interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  readonly alpha: Uint8Array;
}

/** A grey picture with transparency; transparent pixels are black, for their colour is never seen. */
async function encodeWebp({ width, height, grey, alpha }: GreyImage): Promise<Uint8Array> {
  const rgba = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    if (alpha[pixel] === 0) continue;
    rgba.fill(grey[pixel] ?? 0, pixel * 4, pixel * 4 + 3);
    rgba[pixel * 4 + 3] = alpha[pixel] ?? 0;
  }
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .webp(WEBP)
    .toBuffer();
}
