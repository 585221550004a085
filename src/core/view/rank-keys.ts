import { visibleKeys, type Pattern } from '../pattern.ts';

export interface RankedKey {
  readonly key: number;
  readonly value: number;
}

/**
 * The keys that query `query` can see, largest value first; of equal values the earlier key first.
 *
 * @param most no more than these, which takes one look at each key where they are few
 */
export function rankKeys(pattern: Pattern, query: number, most = Infinity): RankedKey[] {
  const first: RankedKey[] = [];
  const count = visibleKeys(pattern, query);
  if (most >= count) {
    const all = Array.from({ length: count }, (_, key) => ranked(pattern, query, key));
    return all.sort((a, b) => b.value - a.value || a.key - b.key);
  }
  for (let key = 0; key < count; key++) {
    const next = ranked(pattern, query, key);
    let place = first.length;
    while (place > 0 && (first[place - 1]?.value ?? 0) < next.value) place--;
    if (place >= most) continue;
    first.splice(place, 0, next);
    if (first.length > most) first.pop();
  }
  return first;
}

function ranked(pattern: Pattern, query: number, key: number): RankedKey {
  return { key, value: pattern.values[query * pattern.columns + key] ?? 0 };
}
