import { describe, expect, it } from 'vitest';
import { layMosaic } from '../../../src/core/mosaic.ts';
import { layPlate, plateColumns, plateSizes } from '../../../src/site/plate-layout.ts';

/** A plate as the pipeline lays it: the patterns of each stack, layer by layer, in rows of as many as a layer has heads. */
function plate(sizes: Readonly<Record<string, readonly [number, number]>>, layers: number, heads: number) {
  const stacks = Object.keys(sizes).flatMap((stack) => Array<string>(layers * heads).fill(stack));
  const mosaic = layMosaic(
    stacks.map((stack) => ({ width: sizes[stack]?.[0] ?? 1, height: sizes[stack]?.[1] ?? 1 })),
    heads,
  );
  const tiles = mosaic.tiles.map((tile, index) => ({ ...tile, stack: stacks[index] ?? '' }));
  return { stacks, mosaic, tiles };
}

describe('the plate of another prompt', () => {
  it('is laid as the pipeline laid it', () => {
    const shown = plate({ self: [21, 21] }, 2, 4);
    const other = plate({ self: [40, 40] }, 2, 4);
    const laid = layPlate(shown.stacks, plateColumns(shown.tiles), plateSizes(other.tiles));
    expect(laid.mosaic).toEqual(other.mosaic);
    expect(laid.tiles).toEqual(other.mosaic.tiles);
  });

  it('keeps the sizes of several stacks apart', () => {
    const shown = plate({ encoder: [9, 9], decoder: [5, 5], cross: [9, 5] }, 2, 3);
    const other = plate({ encoder: [30, 30], decoder: [12, 12], cross: [30, 12] }, 2, 3);
    expect(plateSizes(other.tiles)).toEqual({ encoder: [30, 30], decoder: [12, 12], cross: [30, 12] });
    const laid = layPlate(shown.stacks, plateColumns(shown.tiles), plateSizes(other.tiles));
    expect(laid.mosaic).toEqual(other.mosaic);
  });

  it('leaves out the stacks that the prompt has no patterns of', () => {
    const shown = plate({ encoder: [9, 9], decoder: [5, 5] }, 1, 2);
    const other = plate({ encoder: [30, 30] }, 1, 2);
    const laid = layPlate(shown.stacks, plateColumns(shown.tiles), plateSizes(other.tiles));
    expect(laid.mosaic).toEqual(other.mosaic);
    expect(laid.tiles).toEqual([...other.mosaic.tiles, undefined, undefined]);
  });
});
