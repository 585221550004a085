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
      // Two sums side by side: each addition need not wait for the one before.
      let even = 0;
      let odd = 0;
      for (let key = 0; key + 1 < keys; key += 2) {
        even += (values[first + key] ?? 0) * (values[second + key] ?? 0);
        odd += (values[first + key + 1] ?? 0) * (values[second + key + 1] ?? 0);
      }
      if (keys % 2 === 1) even += (values[first + keys - 1] ?? 0) * (values[second + keys - 1] ?? 0);
      gram[row * side + column] = even + odd;
    }
  }
  return gram;
}
