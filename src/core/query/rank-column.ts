/** Positions of the numbers of a column from the largest (or the smallest) on; those without a value (NaN) are left out. */
export function rankColumn(values: Float32Array, isAscending = false): number[] {
  const sign = isAscending ? 1 : -1;
  const at = (index: number) => values[index] ?? NaN;
  return [...values.keys()]
    .filter((index) => !Number.isNaN(at(index)))
    .sort((a, b) => sign * (at(a) - at(b)) || a - b);
}
