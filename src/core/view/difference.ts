import { patternOf, type Pattern } from '../pattern.ts';

/** Whether two patterns have the same queries and keys, so that their cells can be subtracted. */
export function areComparable(
  a: { readonly pattern: Pattern; readonly tokens: readonly string[] },
  b: { readonly pattern: Pattern; readonly tokens: readonly string[] },
): boolean {
  return (
    a.pattern.layout.kind === b.pattern.layout.kind &&
    a.pattern.rows === b.pattern.rows &&
    a.pattern.columns === b.pattern.columns &&
    a.tokens.length === b.tokens.length &&
    a.tokens.every((token, index) => token === b.tokens[index])
  );
}

/** `b − a`, cell by cell, -1..1. Both have the same layout. */
export function subtract(a: Pattern, b: Pattern): Pattern {
  return patternOf(
    a.layout,
    b.values.map((value, index) => value - (a.values[index] ?? 0)),
  );
}

/**
 * How far two patterns of one layout are from each other: the mean over queries `i` of the total-variation
 * distance of their rows, `½ Σ_j |B[i, j] − A[i, j]|`. 0 for equal patterns, 1 where no row shares a key
 * (Levin, Peres and Wilmer, Markov Chains and Mixing Times, 2009, proposition 4.2).
 */
export function meanTotalVariation(a: Pattern, b: Pattern): number {
  let sum = 0;
  for (const [index, value] of b.values.entries()) sum += Math.abs(value - (a.values[index] ?? 0));
  return sum / (2 * a.rows);
}
