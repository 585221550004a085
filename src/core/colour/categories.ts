/** Degrees of hue between neighbours: the golden angle keeps any number of them apart. */
const TURN = 137.508;

/**
 * A colour that tells category `index` from its neighbours: same lightness and chroma, another hue (OKLCH). It reads
 * on both themes' paper, and is never the only sign: captions name the category too.
 */
export function categoryColour(index: number): string {
  return `oklch(0.62 0.14 ${((30 + index * TURN) % 360).toFixed(1)})`;
}
