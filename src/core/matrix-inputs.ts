import { layoutSize, type Layout } from '../schema/stacks.ts';

/** Inputs that hold a number a cell of each head; files of them are packs of float32. */
export const MATRIX_INPUTS = ['scores', 'logitEffects'] as const;
export type MatrixInput = (typeof MATRIX_INPUTS)[number];

/** The layout of such an input, beside patterns of that layout. */
export function matrixLayout(input: MatrixInput, ofPattern: Layout): Layout {
  return input === 'scores' ? ofPattern : { kind: 'square', n: layoutSize(ofPattern).columns };
}

export function isSameLayout(one: Layout, other: Layout): boolean {
  const [a, b] = [layoutSize(one), layoutSize(other)];
  return one.kind === other.kind && a.rows === b.rows && a.columns === b.columns;
}
