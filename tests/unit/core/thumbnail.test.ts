import { describe, expect, it } from 'vitest';
import { contactSheet, laySheet } from '../../../src/core/figures/contact-sheet.ts';
import { selectFigures } from '../../../src/core/figures/index.ts';
import { raw } from '../../../src/core/figures/raw.ts';
import { layMosaic } from '../../../src/core/mosaic.ts';
import { patternOf } from '../../../src/core/pattern.ts';
import { SHADES, thumbnailOf, type Thumbnail } from '../../../src/core/thumbnail.ts';
import type { Layout } from '../../../src/schema/stacks.ts';

function draw(layout: Layout, values: Float32Array): Thumbnail {
  return thumbnailOf(raw.draw({ pattern: patternOf(layout, values) }), layout);
}

describe('a thumbnail', () => {
  it('has one pixel a cell, darker for more attention, transparent where no key is visible', () => {
    const values = Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0, 0, 1);
    const { width, height, shades } = draw({ kind: 'causal', n: 3 }, values);
    expect([width, height]).toEqual([3, 3]);
    const looks = Array.from(shades, (shade) => SHADES[shade]);
    expect(looks.map((look) => look?.alpha)).toEqual([255, 0, 0, 255, 255, 0, 255, 255, 255]);
    const [all, , , quarter, most, , none] = looks.map((look) => look?.grey ?? -1);
    expect([all, none]).toEqual([0, 255]);
    expect(quarter).toBe(255 - Math.round((255 * 12) / 23)); // √¼ of 23 steps, rounded
    expect(most).toBeLessThan(quarter ?? 0);
  });

  it('keeps a stripe that is one token wide when it pools', () => {
    const n = 500;
    const values = new Float32Array(n * n);
    for (let query = 250; query < n; query++) values[query * n + 250] = 1;
    const { width, height, shades } = draw({ kind: 'causal', n }, values);
    expect([width, height]).toEqual([96, 96]);
    const darkest = SHADES.length - 1;
    const lastRow = shades.subarray(95 * 96);
    expect(lastRow.filter((shade) => shade === darkest)).toHaveLength(1);
    expect(lastRow[Math.floor((250 * 96) / n)]).toBe(darkest);
  });
});

describe('a mosaic', () => {
  it('lays tiles of unlike sizes in rows without overlap', () => {
    const mosaic = layMosaic(
      [
        { width: 3, height: 2 },
        { width: 1, height: 5 },
        { width: 2, height: 2 },
      ],
      2,
    );
    expect(mosaic).toEqual({
      width: 8,
      height: 12,
      tiles: [
        { x: 0, y: 0, width: 3, height: 2 },
        { x: 5, y: 0, width: 1, height: 5 },
        { x: 0, y: 7, width: 2, height: 2 },
      ],
    });
  });
});

describe('a contact sheet', () => {
  it('shows each thumbnail at its tile', () => {
    const thumbnails = [10, 20, 30].map((value) => ({
      width: 1,
      height: 1,
      shades: Uint8Array.of(value),
    }));
    const image = contactSheet.draw({ thumbnails });
    const sheet = laySheet(thumbnails);
    expect([image.width, image.height]).toEqual([sheet.width, sheet.height]);
    expect(sheet.tiles.map(({ x, y }) => image.shades[y * image.width + x])).toEqual([10, 20, 30]);
    expect(image.shades.filter((value) => value !== 0)).toHaveLength(3);
  });

  it('of ten thousand prompts stays below 16,384 pixels a side', () => {
    const sheet = laySheet(Array.from({ length: 10_000 }, () => ({ width: 96, height: 96 })));
    expect(Math.max(sheet.width, sheet.height)).toBeLessThanOrEqual(16_383);
  });
});

describe('figures', () => {
  it('are found by name, and a misspelled one is answered with the nearest', () => {
    expect(selectFigures(['raw'])).toEqual([raw]);
    expect(() => selectFigures(['contactsheet'])).toThrow(
      expect.objectContaining({ code: 'unknown-figure' }),
    );
  });
});
