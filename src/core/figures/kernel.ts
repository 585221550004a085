import { distanceCells, sumsOf } from '../pattern-sums.ts';
import { visibleKeys, type Pattern } from '../pattern.ts';

/** The mean of a pattern at each distance, put back in its place: `[rows, columns]`. */
export function kernelOf(pattern: Pattern): Float32Array {
  const { rows, columns } = pattern;
  const { distanceSum } = sumsOf(pattern);
  const cells = distanceCells(pattern);
  const kernel = new Float32Array(rows * columns);
  for (let query = 0; query < rows; query++) {
    const keys = visibleKeys(pattern, query);
    for (let key = 0; key < keys; key++) {
      const at = query - key + columns - 1;
      kernel[query * columns + key] = (distanceSum[at] ?? 0) / (cells[at] ?? 1);
    }
  }
  return kernel;
}
