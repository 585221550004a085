import { cellCount, layoutSize, type Layout } from '../../schema/stacks.ts';

// The cells of a layout in the order in which a pack stores them: key by key, and down the queries of each key (columns
// compress better than rows, since a key that draws attention draws it from many queries).

/** The cells of `dense`, `[rows, columns]`, that the layout has, in a pack's order. */
export function packCells(layout: Layout, dense: Float32Array): Float32Array {
  const { rows, columns } = layoutSize(layout);
  const packed = new Float32Array(cellCount(layout));
  let at = 0;
  for (let key = 0; key < columns; key++) {
    for (let query = firstQuery(layout, key); query < rows; query++) {
      packed[at++] = dense[query * columns + key] ?? 0;
    }
  }
  return packed;
}

/** The inverse of `packCells`: `[rows, columns]`, with 0 where the layout has no cell. */
export function unpackCells(layout: Layout, packed: Float32Array): Float32Array {
  const { rows, columns } = layoutSize(layout);
  const dense = new Float32Array(rows * columns);
  let at = 0;
  for (let key = 0; key < columns; key++) {
    for (let query = firstQuery(layout, key); query < rows; query++) {
      dense[query * columns + key] = packed[at++] ?? 0;
    }
  }
  return dense;
}

/** The first query that sees the key. */
function firstQuery(layout: Layout, key: number): number {
  return layout.kind === 'causal' ? key : 0;
}
