/**
 * How a pack stores a cell.
 * - `compact`: 8 bits, linear: error up to 1/510 everywhere; cells below that read as 0
 * - `fine`: 8 bits, square root: error up to 1/255 near 1 and far smaller near 0, so a log scale has something to show
 * - `exact`: float32, lossless
 */
export const PRECISIONS = ['compact', 'fine', 'exact'] as const;
export type Precision = (typeof PRECISIONS)[number];
