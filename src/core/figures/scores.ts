import { visibleKeys } from '../pattern.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const scores: PatternFigure<'pattern' | 'scores', MatrixOutput> = {
  name: 'scores',
  title: 'Scores before the softmax',
  scope: 'pattern',
  inputs: ['pattern', 'scores'],
  output: 'matrix',
  usualScale: 'linear',
  reading:
    'What the softmax is taken of: how well each query fits each key, before the keys of a row compete for its attention.',
  formula:
    'S[i, j] = qᵢ · kⱼ × scale, with the cap, the bias and the position that the model adds; A[i, ·] is the softmax of S[i, ·].',
  misleads:
    'Only differences within a row count: the softmax takes no notice of what is added to all of it, so a row that is high throughout attends no more than another. A key that the layer does not let the query see, such as one beyond its window, has no score; it is drawn at the lowest end of the scale.',
  source: {
    text: 'Vaswani et al., Attention Is All You Need',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.03762',
  },
  draw({ pattern, scores: { values } }) {
    const { rows, columns } = pattern;
    const reach = values.reduce(
      (most, value) => (isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0,
    );
    const greatest = reach || 1;
    const drawn = new Float32Array(rows * columns);
    for (let query = 0; query < rows; query++) {
      for (let key = 0; key < visibleKeys(pattern, query); key++) {
        const value = values[query * columns + key] ?? 0;
        drawn[query * columns + key] = isFinite(value) ? value : -greatest;
      }
    }
    const scale = { map: 'diverging', least: -greatest, greatest, unit: 'score' } as const;
    return { kind: 'matrix', rows, columns, values: drawn, scale };
  },
};
