import type { Pattern } from '../pattern.ts';

/** Which part of a pattern becomes which picture: pixel `p` of a row shows the columns from `left + p * columnStep` on. */
export interface Raster {
  readonly top: number;
  readonly left: number;
  /** Cells a pixel, at least 1: where it is more, a pixel shows the value of the largest size among its cells. */
  readonly rowStep: number;
  readonly columnStep: number;
  readonly height: number;
  readonly width: number;
}

/**
 * A part of a pattern as a picture, RGBA `[height, width]`. Cells that no query can see are transparent.
 *
 * @param level the step of `table` for a value, 0..255
 * @param table 256 colours, `[256, 3]`
 */
export function rasterize(
  pattern: Pattern,
  raster: Raster,
  level: (value: number) => number,
  table: Uint8Array,
): Uint8ClampedArray<ArrayBuffer> {
  const { rows, columns, values } = pattern;
  const isCausal = pattern.layout.kind === 'causal';
  const { width, height } = raster;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const starts = Array.from({ length: width + 1 }, (_, x) => Math.floor(raster.left + x * raster.columnStep));
  for (let y = 0; y < height; y++) {
    const firstRow = Math.floor(raster.top + y * raster.rowStep);
    const rowEnd = Math.min(rows, Math.max(firstRow + 1, Math.floor(raster.top + (y + 1) * raster.rowStep)));
    for (let x = 0; x < width; x++) {
      const firstColumn = starts[x] ?? 0;
      const columnEnd = Math.min(columns, Math.max(firstColumn + 1, starts[x + 1] ?? 0));
      if (isCausal && firstColumn >= rowEnd) break;
      let largest = 0;
      for (let row = firstRow; row < rowEnd; row++) {
        for (let column = firstColumn; column < columnEnd; column++) {
          const value = values[row * columns + column] ?? 0;
          if (Math.abs(value) > Math.abs(largest)) largest = value;
        }
      }
      const colour = level(largest) * 3;
      const at = (y * width + x) * 4;
      pixels[at] = table[colour] ?? 0;
      pixels[at + 1] = table[colour + 1] ?? 0;
      pixels[at + 2] = table[colour + 2] ?? 0;
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}
