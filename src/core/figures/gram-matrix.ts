import { gramOfRows } from '../gram.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const gramMatrix: PatternFigure<'pattern', MatrixOutput> = {
  name: 'gram-matrix',
  title: 'Gram matrix',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  reading:
    'How alike two queries attend: 1 where both give all they have to the same key, 0 where they share none.',
  formula: 'G = A Aᵀ: G[i, k] = Σⱼ A[i, j] A[k, j].',
  misleads:
    'Two queries that both attend evenly to everything have a small product, though they attend alike.',
  source: {
    text: 'pattern-lens, the figure gram_matrix of its documentation',
    year: 2025,
    url: 'https://github.com/mivanit/pattern-lens',
  },
  draw({ pattern }) {
    const side = pattern.rows;
    const lower = gramOfRows(
      pattern,
      Array.from({ length: side }, (_, query) => query),
    );
    const values = Float32Array.from(lower, (value, at) => {
      const row = Math.floor(at / side);
      const column = at % side;
      return column <= row ? value : (lower[column * side + row] ?? 0);
    });
    const scale = { map: 'sequential', least: 0, greatest: 1, unit: 'inner product' } as const;
    return {
      kind: 'matrix',
      rows: side,
      columns: side,
      values,
      scale,
      axes: { rows: 'query', columns: 'query' },
    };
  },
};
