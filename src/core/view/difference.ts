import type { Precision } from '../../schema/precision.ts';
import { patternOf, type Pattern } from '../pattern.ts';
import { cellError } from './cell-value.ts';

/** A pattern as a pack holds it. */
export interface PackedPattern {
  readonly pattern: Pattern;
  readonly tokens: readonly string[];
  readonly precision: Precision;
  readonly maxError: number;
}

/** Tokens that two texts must share, position by position, for a difference to mean something. */
const LEAST_SHARED = 0.5;

/**
 * Whether the cells of two patterns can be subtracted: they have as many queries and keys, and at least half of the
 * tokens are the same, as where one word is replaced by another.
 */
export function areComparable(a: PackedPattern, b: PackedPattern): boolean {
  return (
    a.pattern.layout.kind === b.pattern.layout.kind &&
    a.pattern.rows === b.pattern.rows &&
    a.pattern.columns === b.pattern.columns &&
    a.tokens.length === b.tokens.length &&
    otherTokens(a, b) <= a.tokens.length * (1 - LEAST_SHARED)
  );
}

/** How many positions have another token in `b` than in `a`. */
export function otherTokens(a: PackedPattern, b: PackedPattern): number {
  return a.tokens.filter((token, index) => token !== b.tokens[index]).length;
}

/** Names of the positions: the token of both, or `cat / dog`. */
export function jointTokens(a: PackedPattern, b: PackedPattern): string[] {
  return a.tokens.map((token, index) =>
    token === b.tokens[index] ? token : `${token} /${b.tokens[index] ?? ''}`,
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
 *
 * @returns the distance, and the largest error that it can have from those of the cells
 */
export function meanTotalVariation(a: PackedPattern, b: PackedPattern): { distance: number; error: number } {
  let sum = 0;
  let error = 0;
  for (const [index, value] of b.pattern.values.entries()) {
    const other = a.pattern.values[index] ?? 0;
    sum += Math.abs(value - other);
    error += cellError(a.precision, a.maxError, other) + cellError(b.precision, b.maxError, value);
  }
  const scale = 1 / (2 * a.pattern.rows);
  return { distance: sum * scale, error: error * scale };
}
