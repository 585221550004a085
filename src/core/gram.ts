import { visibleKeys, type Pattern } from './pattern.ts';

/**
 * The inner products of rows of a pattern: `[queries, queries]`, the lower triangle and the diagonal; the rest is 0.
 *
 * @param queries ascending
 */
export function gramOfRows(pattern: Pattern, queries: readonly number[]): Float64Array {
  const { columns, values } = pattern;
  const side = queries.length;
  const gram = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    const first = (queries[row] ?? 0) * columns;
    for (let column = 0; column <= row; column++) {
      const query = queries[column] ?? 0;
      const keys = visibleKeys(pattern, query); // the earlier query sees no more than the later one
      const second = query * columns;
      let sum = 0;
      for (let key = 0; key < keys; key++) {
        sum += (values[first + key] ?? 0) * (values[second + key] ?? 0);
      }
      gram[row * side + column] = sum;
    }
  }
  return gram;
}
