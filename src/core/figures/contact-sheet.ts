import { layMosaic, paintMosaic, type Mosaic } from '../mosaic.ts';
import type { SheetFigure } from './figure.ts';

/** Tiles in a row of the image file; the page lays them out anew for its width. */
const LEAST_COLUMNS = 8;
/** Below 16,384 pixels, which graphics processors draw as one piece: 167 rows of the largest tiles. */
const MOST_ROWS = 160;

/** How the tiles of a contact sheet lie in its file: `sizes` has one entry a prompt. */
export function laySheet(sizes: Parameters<typeof layMosaic>[0]): Mosaic {
  return layMosaic(sizes, Math.max(LEAST_COLUMNS, Math.ceil(sizes.length / MOST_ROWS)));
}

export const contactSheet: SheetFigure = {
  name: 'contact-sheet',
  title: 'Contact sheet',
  scope: 'sheet',
  reading:
    'One small pattern a prompt, queries down and keys across, in a stronger colour for more attention (by square root); prompts of more than 96 tokens are pooled by their largest value.',
  formula: '√A[i, j], the largest of the cells that fall on one pixel.',
  misleads:
    'Patterns of prompts of different lengths are drawn at the same size: a line that looks as wide in two of them may be one token in the one and five in the other.',
  source: {
    text: 'Tufte, The Visual Display of Quantitative Information (small multiples)',
    year: 1983,
  },
  draw({ thumbnails }) {
    const mosaic = laySheet(thumbnails);
    return { width: mosaic.width, height: mosaic.height, shades: paintMosaic(mosaic, thumbnails) };
  },
};
