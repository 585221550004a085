/** Values in standard deviations from their mean, NaN where one is missing; undefined where the known ones do not differ. */
export function standardized(values: Iterable<number>): Float64Array | undefined {
  const all = Float64Array.from(values);
  const known = all.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return deviation > 1e-9 ? all.map((value) => (value - mean) / deviation) : undefined;
}
