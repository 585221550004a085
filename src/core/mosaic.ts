import type { Tile } from '../schema/records.ts';
import type { Thumbnail } from './thumbnail.ts';

/** Where each tile of a grid lies, and how large the whole is. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  readonly tiles: readonly Tile[];
}

/** Pixels between tiles, so that a tile that is scaled never shows its neighbour's edge. */
export const GAP = 2;

/**
 * Lays tiles of the given sizes in rows of `columns`, each in a cell as large as the largest tile.
 *
 * @param sizes at least one, each at least 1 x 1
 */
export function layMosaic(
  sizes: readonly { readonly width: number; readonly height: number }[],
  columns: number,
): Mosaic {
  const cellWidth = Math.max(...sizes.map((size) => size.width)) + GAP;
  const cellHeight = Math.max(...sizes.map((size) => size.height)) + GAP;
  const tiles = sizes.map(({ width, height }, index) => ({
    x: (index % columns) * cellWidth,
    y: Math.floor(index / columns) * cellHeight,
    width,
    height,
  }));
  const across = Math.min(columns, sizes.length);
  return {
    width: across * cellWidth - GAP,
    height: Math.ceil(sizes.length / columns) * cellHeight - GAP,
    tiles,
  };
}

/** The tiles drawn at their places on a transparent ground: shades, `[height, width]`. */
export function paintMosaic(mosaic: Mosaic, thumbnails: readonly Thumbnail[]): Uint8Array {
  const shades = new Uint8Array(mosaic.width * mosaic.height);
  for (const [index, tile] of mosaic.tiles.entries()) {
    const thumbnail = thumbnails[index];
    if (thumbnail === undefined) continue;
    for (let y = 0; y < tile.height; y++) {
      const from = y * thumbnail.width;
      const to = (tile.y + y) * mosaic.width + tile.x;
      shades.set(thumbnail.shades.subarray(from, from + tile.width), to);
    }
  }
  return shades;
}
