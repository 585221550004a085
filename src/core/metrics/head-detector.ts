import { sumsOf } from '../pattern-sums.ts';
import type { Pattern } from '../pattern.ts';
import { earlierFollowers, earlierOccurrences, type Positions } from './occurrences.ts';

/** Which cells of a causal pattern a head is expected to fill, `[n, n]`, 0 or 1. */
export type DetectionPattern = 'previous-token' | 'duplicate-token' | 'induction';

export interface DetectorOptions {
  /** How a pattern is compared with the expected one; `mul` if left out. */
  readonly errorMeasure?: 'mul' | 'abs';
  /** Leaves the first key out; false if left out. */
  readonly excludeBos?: boolean;
  /** Leaves the diagonal out; false if left out. */
  readonly excludeCurrentToken?: boolean;
}

/**
 * The score of TransformerLens's `detect_head` (2.15.4, head_detector.py), whose options have the same defaults:
 *
 * - `mul`: the share of all attention that lies on the expected cells
 * - `abs`: 1 minus the mean over queries of Σⱼ |A − D|, rounded to three digits as there
 *
 * @returns null where TransformerLens divides by 0 or refuses the pattern
 */
export function detectorScore(
  pattern: Pattern,
  ids: readonly number[],
  expected: DetectionPattern,
  { errorMeasure = 'mul', excludeBos = false, excludeCurrentToken = false }: DetectorOptions = {},
): number | null {
  const { rows, columns, values } = pattern;
  if (pattern.layout.kind !== 'causal' || rows < 2) return null;
  let all = sumsOf(pattern).rowSum.reduce((sum, value) => sum + value, 0);
  for (let query = 0; query < rows; query++) {
    if (excludeBos) all -= values[query * columns] ?? 0;
    if (excludeCurrentToken && !(excludeBos && query === 0)) all -= values[query * (columns + 1)] ?? 0;
  }
  let found = 0;
  let cells = 0;
  for (const [query, keys] of expectedKeys(ids, expected).entries()) {
    for (const key of keys ?? []) {
      if (key > query || (excludeBos && key === 0) || (excludeCurrentToken && key === query)) continue;
      found += values[query * columns + key] ?? 0;
      cells++;
    }
  }
  // |A − D| is A where nothing is expected and 1 − A where something is.
  if (errorMeasure === 'abs') return 1 - Math.round(((all + cells - 2 * found) / rows) * 1000) / 1000;
  return all > 0 ? found / all : null;
}

/** The keys of each query that the detection pattern has a 1 for. */
function expectedKeys(ids: readonly number[], expected: DetectionPattern): Positions {
  if (expected === 'duplicate-token') return earlierOccurrences(ids);
  if (expected === 'induction') return earlierFollowers(ids);
  return ids.map((_, query) => (query === 0 ? undefined : [query - 1]));
}
