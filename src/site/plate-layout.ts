import { layMosaic, type Mosaic } from '../core/mosaic.ts';
import type { Tile } from '../schema/records.ts';

/** Width and height of the patterns of each stack in a plate, in pixels; a stack that a prompt lacks is absent. */
export type PlateSizes = Readonly<Record<string, readonly [width: number, height: number]>>;

/** The sizes in the plate of one prompt: every pattern of a stack has the same. */
export function plateSizes(tiles: readonly (Tile & { readonly stack: string })[]): PlateSizes {
  return Object.fromEntries(tiles.map(({ stack, width, height }) => [stack, [width, height]] as const));
}

/** How many patterns stand in a row of a plate. */
export function plateColumns(tiles: readonly Tile[]): number {
  return tiles.filter(({ y }) => y === 0).length;
}

/**
 * Where the patterns lie in the plate of another prompt, whose sizes are `sizes`.
 *
 * @param stacks the stack of each pattern of the model, in the plate's order
 * @returns the plate's size, and one entry a pattern, undefined where the prompt lacks its stack
 */
export function layPlate(
  stacks: readonly string[],
  columns: number,
  sizes: PlateSizes,
): { readonly mosaic: Mosaic; readonly tiles: readonly (Tile | undefined)[] } {
  const present = stacks.flatMap((stack) => {
    const size = sizes[stack];
    return size === undefined ? [] : [{ width: size[0], height: size[1] }];
  });
  const mosaic = layMosaic(present, columns);
  let next = 0;
  const tiles = stacks.map((stack) => (sizes[stack] === undefined ? undefined : mosaic.tiles[next++]));
  return { mosaic, tiles };
}
