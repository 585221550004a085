import { sumsOf } from '../pattern-sums.ts';
import type { Pattern } from '../pattern.ts';

/** The mean of `values`, or null where there are none. */
export function meanOf(values: Iterable<number>): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** Whether queries and keys are the same tokens, so that a position of the one means something to the other. */
export function isOfOneText({ layout }: Pattern): boolean {
  return layout.kind !== 'rectangle';
}

/** The share of all attention that goes to the keys for which `isWanted` holds; null where there is no attention. */
export function shareOnKeys(pattern: Pattern, isWanted: (key: number) => boolean): number | null {
  const { rowSum, columnSum } = sumsOf(pattern);
  const all = rowSum.reduce((sum, value) => sum + value, 0);
  if (all === 0) return null;
  return columnSum.reduce((sum, value, key) => (isWanted(key) ? sum + value : sum), 0) / all;
}

/** The share of the attention of every query that it gives the keys which `keysOf` names, averaged over those it names any for. */
export function meanOnKeys(
  { rows, columns, values }: Pattern,
  keysOf: (query: number) => Iterable<number> | undefined,
): number | null {
  let sum = 0;
  let queries = 0;
  for (let query = 0; query < rows; query++) {
    const keys = keysOf(query);
    if (keys === undefined) continue;
    for (const key of keys) sum += values[query * columns + key] ?? 0;
    queries++;
  }
  return queries === 0 ? null : sum / queries;
}
