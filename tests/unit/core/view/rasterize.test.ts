import { describe, expect, it } from 'vitest';
import { patternOf } from '../../../../src/core/pattern.ts';
import { rasterize } from '../../../../src/core/view/rasterize.ts';

const table = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));
const level = (value: number) => Math.round(Math.abs(value) * 255);

/** The picture as its grey values, `.` where it is transparent. */
function greys(pixels: Uint8ClampedArray, width: number): string[] {
  const rows: string[] = [];
  for (let at = 0; at < pixels.length; at += width * 4) {
    const row = Array.from({ length: width }, (_, x) =>
      pixels[at + x * 4 + 3] === 0 ? '.' : String(pixels[at + x * 4]),
    );
    rows.push(row.join(' '));
  }
  return rows;
}

const n = 6;
const values = new Float32Array(n * n);
for (let query = 0; query < n; query++) {
  for (let key = 0; key <= query; key++) values[query * n + key] = (query * 10 + key) / 255;
}
const pattern = patternOf({ kind: 'causal', n }, values);

describe('a rasterized pattern', () => {
  it('has a pixel a cell, and nothing where no query sees', () => {
    const raster = { top: 1, left: 0, rowStep: 1, columnStep: 1, height: 2, width: 3 };
    expect(greys(rasterize(pattern, raster, level, table), 3)).toEqual(['10 11 .', '20 21 22']);
  });

  it('shows the largest value where several cells share a pixel', () => {
    const raster = { top: 0, left: 0, rowStep: 3, columnStep: 3, height: 2, width: 2 };
    expect(greys(rasterize(pattern, raster, level, table), 2)).toEqual(['22 .', '52 55']);
  });

  it('takes every cell into some pixel, also at odd ratios', () => {
    const one = patternOf({ kind: 'square', n: 7 }, new Float32Array(49));
    for (let at = 0; at < 49; at++) {
      const alone = { ...one, values: one.values.map((_, index) => (index === at ? 1 : 0)) };
      const raster = { top: 0, left: 0, rowStep: 7 / 3, columnStep: 7 / 4, height: 3, width: 4 };
      const drawn = rasterize(alone, raster, level, table);
      expect(drawn.filter((byte, index) => index % 4 === 0 && byte === 255)).toHaveLength(1);
    }
  });

  it('keeps the sign of the value of the largest size', () => {
    const signed = patternOf({ kind: 'square', n: 2 }, Float32Array.of(0.1, -0.9, 0.2, 0.3));
    const raster = { top: 0, left: 0, rowStep: 2, columnStep: 2, height: 1, width: 1 };
    const drawn = rasterize(signed, raster, (value) => (value < 0 ? 1 : 2), table);
    expect(drawn[0]).toBe(1);
  });
});
