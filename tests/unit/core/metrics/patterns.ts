import type { PatternInputs } from '../../../../src/core/inputs.ts';
import { patternOf, type Pattern } from '../../../../src/core/pattern.ts';

/** A causal pattern from its rows; cells left out are 0. */
export function causal(rows: readonly (readonly number[])[]): Pattern {
  const n = rows.length;
  const values = new Float32Array(n * n);
  for (const [query, row] of rows.entries()) values.set(row, query * n);
  return patternOf({ kind: 'causal', n }, values);
}

/** A causal pattern of `n` tokens in which each query attends to the key that `keyOf` names, and to no other. */
export function pointing(n: number, keyOf: (query: number) => number): Pattern {
  const values = new Float32Array(n * n);
  for (let query = 0; query < n; query++) values[query * n + keyOf(query)] = 1;
  return patternOf({ kind: 'causal', n }, values);
}

/** A causal pattern in which each query attends evenly to all keys that it sees. */
export function even(n: number): Pattern {
  const values = new Float32Array(n * n);
  for (let query = 0; query < n; query++) values.fill(1 / (query + 1), query * n, query * n + query + 1);
  return patternOf({ kind: 'causal', n }, values);
}

/** Tokens that make up a text without anything between them, and where they lie in it. */
export function tokenized(tokens: readonly string[]): Pick<PatternInputs, 'tokens' | 'places' | 'ids'> {
  const vocabulary = [...new Set(tokens)];
  let at = 0;
  const offsets = tokens.map((token): [number, number] => {
    if (token.startsWith('<|')) return [0, 0];
    const start = at;
    at += [...token].length;
    return [start, at];
  });
  const text = tokens.filter((token) => !token.startsWith('<|')).join('');
  return { tokens, places: { text, offsets }, ids: tokens.map((token) => vocabulary.indexOf(token)) };
}
