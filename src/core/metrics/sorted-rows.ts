import { visibleKeys, type Pattern } from '../pattern.ts';

const known = new WeakMap<Pattern, Float32Array[]>();

/** The attention of one query to the keys that it sees, least first. */
export function sortedRow(pattern: Pattern, query: number): Float32Array {
  const rows = known.get(pattern) ?? [];
  known.set(pattern, rows);
  const start = query * pattern.columns;
  return (rows[query] ??= pattern.values.slice(start, start + visibleKeys(pattern, query)).sort());
}
