import { visibleKeys, type Pattern } from './pattern.ts';

/** Pixels a side at most; longer prompts are pooled. */
export const THUMBNAIL_SIDE = 96;
/** Steps between no attention and all of it: as many as an eye tells apart at this size, and small files. */
const LEVELS = 32;

/** A small picture of a pattern, `[height, width]` row-major. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** 255 for no attention down to 0 for all of it, by square root, so that faint attention can be seen. */
  readonly grey: Uint8Array;
  /** 0 where no key is visible (above the diagonal of a causal pattern), else 255. */
  readonly alpha: Uint8Array;
}

/**
 * Draws `pattern` one pixel a cell, or max-pooled to 96 pixels a side: the mean would lose a stripe that is one
 * token wide, and such stripes are what one looks for.
 */
export function thumbnailOf(pattern: Pattern): Thumbnail {
  const width = Math.min(pattern.columns, THUMBNAIL_SIDE);
  const height = Math.min(pattern.rows, THUMBNAIL_SIDE);
  const strongest = new Float32Array(width * height);
  const alpha = new Uint8Array(width * height);
  for (let query = 0; query < pattern.rows; query++) {
    const y = Math.floor((query * height) / pattern.rows);
    const keys = visibleKeys(pattern, query);
    for (let key = 0; key < keys; key++) {
      const at = y * width + Math.floor((key * width) / pattern.columns);
      strongest[at] = Math.max(strongest[at] ?? 0, pattern.values[query * pattern.columns + key] ?? 0);
      alpha[at] = 255;
    }
  }
  const grey = Uint8Array.from(strongest, (value) => {
    const level = Math.round(Math.sqrt(Math.min(1, value)) * (LEVELS - 1));
    return 255 - Math.round((level * 255) / (LEVELS - 1));
  });
  return { width, height, grey, alpha };
}
