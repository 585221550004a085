import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { colourTable } from '../core/colour/colour-maps.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../schema/urls.ts';
import { inAtlasFolder } from './atlas-folder.ts';
import type { PictureSubject } from '../site/picture-subjects.ts';

const MARGIN = 60;
/** Side of the square that the patterns fit into. */
const SIDE = PICTURE_HEIGHT - 2 * MARGIN;
const TEXT_WIDTH = PICTURE_WIDTH - 3 * MARGIN - SIDE;
const PAPER = '#fbfaf6';
const INK = '#1c1a17';
const SOFT = '#5e584f';
const LIGHT = colourTable('light', 'sequential');

/**
 * The picture of a page for shared links, a PNG of 1200 x 630 in the light theme: words at the left, set in the
 * machine's own serif, and patterns at the right.
 *
 * @param name of the atlas, left out where it is the title itself
 */
export async function drawPicture(subject: PictureSubject, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const [title, line, atlas, part] = await Promise.all([
    setText(subject.title, 'serif bold 44', INK, 210),
    setText(subject.line, 'serif 23', SOFT, 120),
    subject.title === name ? undefined : setText(name, 'serif 20', SOFT, 60),
    subject.part && colourPart(subject.part),
  ]);
  const layers: OverlayOptions[] = [
    { ...title.layer, left: MARGIN, top: MARGIN + 70 },
    { ...line.layer, left: MARGIN, top: MARGIN + 70 + title.height + 28 },
  ];
  if (atlas) layers.push({ ...atlas.layer, left: MARGIN, top: MARGIN });
  if (part) {
    const left = PICTURE_WIDTH - MARGIN - Math.round((SIDE + part.width) / 2);
    layers.push({ ...part.layer, left, top: Math.round((PICTURE_HEIGHT - part.height) / 2) });
  }
  const ground = { width: PICTURE_WIDTH, height: PICTURE_HEIGHT, channels: 3 as const, background: PAPER };
  const png = await sharp({ create: ground }).composite(layers).png().toBuffer();
  return Uint8Array.from(png);
}

/** One or more lines, made smaller where they would be higher than `most` pixels. */
async function setText(words: string, font: string, colour: string, most: number) {
  const text = `<span foreground="${colour}">${escapeMarkup(words)}</span>`;
  const options = { text, font, width: TEXT_WIDTH, rgba: true, wrap: 'word-char' as const };
  const free = await rawLayer(sharp({ text: { ...options, dpi: 96 } }));
  return free.height <= most ? free : rawLayer(sharp({ text: { ...options, height: most } }));
}

async function colourPart({ file, tile }: NonNullable<PictureSubject['part']>) {
  const { x, y, width, height } = tile;
  const grey = await sharp(inAtlasFolder('public', file))
    .extract({ left: x, top: y, width, height })
    .flatten({ background: '#fff' })
    .greyscale()
    .raw()
    .toBuffer();
  const pixels = new Uint8Array(width * height * 3);
  for (const [at, value] of grey.entries()) {
    pixels.set(LIGHT.subarray((255 - value) * 3, (255 - value) * 3 + 3), at * 3);
  }
  const scale = SIDE / Math.max(width, height);
  const enlarged = sharp(pixels, { raw: { width, height, channels: 3 } }).resize({
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    fit: 'fill',
    kernel: scale > 1 ? 'nearest' : 'lanczos3',
  });
  return rawLayer(enlarged);
}

async function rawLayer(image: Sharp) {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, layer: { input: data, raw: { width, height, channels } } };
}

function escapeMarkup(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
