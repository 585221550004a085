import { layMosaic, paintMosaic } from '../mosaic.ts';
import type { HeadFigure } from './figure.ts';

/** Tiles in a row of the image file; the page lays them out anew for its width. */
export const SHEET_COLUMNS = 8;

export const contactSheet: HeadFigure = {
  name: 'contact-sheet',
  title: 'Contact sheet',
  scope: 'head',
  reading:
    'One small pattern a prompt, queries down and keys across, darker for more attention (by square root); prompts of more than 96 tokens are pooled by their largest value.',
  source: {
    text: 'Tufte, The Visual Display of Quantitative Information (small multiples)',
    year: 1983,
  },
  draw({ thumbnails }) {
    const mosaic = layMosaic(thumbnails, SHEET_COLUMNS);
    return { kind: 'image', width: mosaic.width, height: mosaic.height, ...paintMosaic(mosaic, thumbnails) };
  },
};
