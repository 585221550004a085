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

/** Whether two patterns have the same queries and keys, so that their cells can be subtracted. */
export function areComparable(a: PackedPattern, b: PackedPattern): boolean {
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
