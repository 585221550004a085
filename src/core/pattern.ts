import { layoutSize, type Layout } from '../schema/stacks.ts';

/**
 * One attention pattern: `values[i * columns + j]` is how much query `i` attends to key `j`, in 0..1.
 * `values` is dense, `[rows, columns]` row-major; cells outside the layout are 0.
 */
export interface Pattern {
  readonly layout: Layout;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Wraps `values`, `[rows, columns]` of `layout`, without copying. */
export function patternOf(layout: Layout, values: Float32Array): Pattern {
  const { rows, columns } = layoutSize(layout);
  if (values.length !== rows * columns) {
    throw new RangeError(`A ${rows} x ${columns} pattern has ${rows * columns} cells, not ${values.length}`);
  }
  return { layout, rows, columns, values };
}

/** Keys that query `row` can see: `[0, visibleKeys)`. */
export function visibleKeys(pattern: Pattern, row: number): number {
  return pattern.layout.kind === 'causal' ? row + 1 : pattern.columns;
}

/** How far from query `row` the farthest key stands that it can see, in tokens. */
export function farthestKey(pattern: Pattern, row: number): number {
  return Math.max(row, visibleKeys(pattern, row) - 1 - row);
}

/**
 * Visits the cells of a layout in the order in which a pack stores them: key by key, and down the queries of
 * each key (columns compress better than rows, since a key that draws attention draws it from many queries).
 *
 * @param visit gets the cell's index in the packed order and in the dense `[rows, columns]` array
 */
export function forEachPackedCell(layout: Layout, visit: (packed: number, dense: number) => void): void {
  const { rows, columns } = layoutSize(layout);
  let packed = 0;
  for (let key = 0; key < columns; key++) {
    for (let query = layout.kind === 'causal' ? key : 0; query < rows; query++) {
      visit(packed++, query * columns + key);
    }
  }
}
