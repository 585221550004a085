import { layoutSize, type Layout } from '../schema/stacks.ts';

/** Pixels a side at most; longer prompts are pooled. */
const THUMBNAIL_SIDE = 96;
/** Bytes of the greys and the alphas of the largest one. */
export const LARGEST_THUMBNAIL_BYTES = 2 * THUMBNAIL_SIDE ** 2;
/** Steps between no attention and all of it: as many as an eye tells apart at this size, and small files. */
const LEVELS = 32;
/** By level. */
const GREYS = Uint8Array.from(
  { length: LEVELS },
  (_, level) => 255 - Math.round((level * 255) / (LEVELS - 1)),
);

/** Numbers and the values that are drawn palest and darkest; `values` is `[rows, columns]`. */
interface ScaledMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly scale: { readonly least: number; readonly greatest: number };
}

/** A small picture of a pattern, `[height, width]` row-major. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** 255 for no attention down to 0 for all of it, by square root, so that faint attention can be seen. */
  readonly grey: Uint8Array;
  /** 0 where no key is visible (above the diagonal of a causal pattern), else 255. */
  readonly alpha: Uint8Array;
}

/** How large the thumbnail of a pattern of this layout is. */
export function thumbnailSize(layout: Layout): { width: number; height: number } {
  const { rows, columns } = layoutSize(layout);
  return { width: Math.min(columns, THUMBNAIL_SIDE), height: Math.min(rows, THUMBNAIL_SIDE) };
}

/**
 * Draws a matrix of a pattern's shape one pixel a cell, or max-pooled to 96 pixels a side: the mean would lose a
 * stripe that is one token wide, and such stripes are what one looks for.
 *
 * @param matrix as a figure gives it; its scale's least value is white, its greatest black
 */
export function thumbnailOf(matrix: ScaledMatrix, layout: Layout): Thumbnail {
  const { width, height } = thumbnailSize(layout);
  const { rows, columns, values, scale } = matrix;
  const strongest = new Float32Array(width * height);
  const alpha = new Uint8Array(width * height);
  const range = scale.greatest - scale.least;
  const across = Uint16Array.from({ length: columns }, (_, key) => Math.floor((key * width) / columns));
  for (let query = 0; query < rows; query++) {
    const start = Math.floor((query * height) / rows) * width;
    const keys = layout.kind === 'causal' ? query + 1 : columns;
    for (let key = 0; key < keys; key++) {
      const at = start + (across[key] ?? 0);
      const share = ((values[query * columns + key] ?? 0) - scale.least) / range;
      if (share > (strongest[at] ?? 0)) strongest[at] = share;
    }
    alpha.fill(255, start, start + (across[keys - 1] ?? 0) + 1);
  }
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = GREYS[Math.round(Math.sqrt(Math.min(1, strongest[at] ?? 0)) * (LEVELS - 1))] ?? 0;
  }
  return { width, height, grey, alpha };
}
