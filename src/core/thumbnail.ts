import { layoutSize, type Layout } from '../schema/stacks.ts';

/** Pixels a side at most; longer prompts are pooled. */
const THUMBNAIL_SIDE = 96;
/** Bytes of the largest one. */
export const LARGEST_THUMBNAIL_BYTES = THUMBNAIL_SIDE ** 2;
/** Steps between no attention and all of it: as many as an eye tells apart at this size, and small files. */
const STEPS = 24;
/** What each shade looks like: grey 0 to 255, and 0 where it is transparent. */
export const SHADES: readonly { readonly grey: number; readonly alpha: 0 | 255 }[] = [
  { grey: 0, alpha: 0 },
  ...Array.from({ length: STEPS }, (_, step) => {
    return { grey: 255 - Math.round((step * 255) / (STEPS - 1)), alpha: 255 } as const;
  }),
];

/** Numbers and the values that are drawn palest and darkest; `values` is `[rows, columns]`. */
interface ScaledMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly scale: { readonly least: number; readonly greatest: number };
}

/** A picture in shades of one colour, `[height, width]` row-major. */
export interface ShadedPicture {
  readonly width: number;
  readonly height: number;
  /**
   * Places in `SHADES`: 0 where no key is visible (above the diagonal of a causal pattern), else 1 for no attention up to 24 for
   * all of it, by square root, so that faint attention can be seen.
   */
  readonly shades: Uint8Array;
}

/** A small picture of a pattern. */
export type Thumbnail = ShadedPicture;

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
  const strongest = new Float32Array(width * height).fill(-Infinity);
  // Pixel x holds the keys from edges[x] to edges[x + 1].
  const edges = Uint32Array.from({ length: width + 1 }, (_, x) => Math.ceil((x * columns) / width));
  for (let query = 0; query < rows; query++) {
    const start = Math.floor((query * height) / rows) * width;
    const keys = layout.kind === 'causal' ? query + 1 : columns;
    let cell = query * columns;
    for (let x = 0, key = 0; key < keys; x++) {
      let most = strongest[start + x] ?? 0;
      for (const end = Math.min(edges[x + 1] ?? 0, keys); key < end; key++) {
        const value = values[cell++] ?? 0;
        if (value > most) most = value;
      }
      strongest[start + x] = most;
    }
  }
  const range = scale.greatest - scale.least;
  const shades = new Uint8Array(width * height);
  for (let at = 0; at < shades.length; at++) {
    const value = strongest[at] ?? 0;
    if (value === -Infinity) continue;
    const share = Math.min(1, Math.max(0, (value - scale.least) / range));
    shades[at] = 1.5 + Math.sqrt(share) * (STEPS - 1); // cut to a whole number: rounded
  }
  return { width, height, shades };
}
