import { sumsOf } from '../pattern-sums.ts';
import { visibleKeys, type Pattern } from '../pattern.ts';

/** How far one query looks, in tokens. */
export interface RowDistance {
  /** Of its attention, and the standard deviation of it. */
  readonly mean: number;
  readonly spread: number;
  /** To the farthest key that it sees. */
  readonly farthest: number;
}

/** One entry for each query that attends to something and sees another key than its own. */
export function rowDistances(pattern: Pattern): RowDistance[] {
  const { columns, rows, values } = pattern;
  const { rowSum } = sumsOf(pattern);
  const distances: RowDistance[] = [];
  for (let query = 0; query < rows; query++) {
    const keys = visibleKeys(pattern, query);
    const farthest = Math.max(query, keys - 1 - query);
    const all = rowSum[query] ?? 0;
    if (farthest === 0 || all === 0) continue;
    let sum = 0;
    let squares = 0;
    for (let key = 0; key < keys; key++) {
      const far = Math.abs(query - key);
      const part = (values[query * columns + key] ?? 0) * far;
      sum += part;
      squares += part * far;
    }
    const mean = sum / all;
    distances.push({ mean, spread: Math.sqrt(Math.max(0, squares / all - mean * mean)), farthest });
  }
  return distances;
}
