import { visibleKeys, type Pattern } from '../pattern.ts';

export interface RankedKey {
  readonly key: number;
  readonly value: number;
}

/** The keys that query `query` can see, largest value first; of equal values the earlier key first. */
export function rankKeys(pattern: Pattern, query: number): RankedKey[] {
  const ranked = Array.from({ length: visibleKeys(pattern, query) }, (_, key) => ({
    key,
    value: pattern.values[query * pattern.columns + key] ?? 0,
  }));
  return ranked.sort((a, b) => b.value - a.value || a.key - b.key);
}
