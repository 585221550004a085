import type { Pattern } from '../pattern.ts';

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
  const wanted = detectionPattern(ids, expected);
  let all = 0;
  let found = 0;
  let difference = 0;
  for (let query = 0; query < rows; query++) {
    for (let key = 0; key <= query; key++) {
      if ((excludeBos && key === 0) || (excludeCurrentToken && key === query)) continue;
      const at = query * columns + key;
      const value = values[at] ?? 0;
      const target = wanted(query, key);
      all += value;
      found += value * target;
      difference += Math.abs(value - target);
    }
  }
  if (errorMeasure === 'abs') return 1 - Math.round((difference / rows) * 1000) / 1000;
  return all === 0 ? null : found / all;
}

function detectionPattern(
  ids: readonly number[],
  expected: DetectionPattern,
): (query: number, key: number) => 0 | 1 {
  if (expected === 'previous-token') return (query, key) => (key === query - 1 ? 1 : 0);
  if (expected === 'duplicate-token') return (query, key) => (key < query && ids[key] === ids[query] ? 1 : 0);
  // The duplicate pattern moved one key on.
  return (query, key) => (key > 0 && key <= query && ids[key - 1] === ids[query] ? 1 : 0);
}
