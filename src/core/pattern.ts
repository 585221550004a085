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
