import { sumsOf } from '../pattern-sums.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const withoutSink: PatternFigure<'pattern', MatrixOutput> = {
  name: 'without-sink',
  title: 'Without the sink',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  reading: 'What is left when the first key is taken away, each row brought to a sum of 1 again.',
  formula: 'A[i, j] / Σ A[i, k] over k ≥ 1, for j ≥ 1; the first column is 0.',
  misleads:
    'A query that gave the first token 0.999 has its last thousandth blown up to all there is: what looks strong here may be noise.',
  source: {
    text: 'Xiao et al., Efficient Streaming Language Models with Attention Sinks',
    year: 2023,
    url: 'https://arxiv.org/abs/2309.17453',
  },
  draw({ pattern }) {
    const { rows, columns, values } = pattern;
    const { rowSum } = sumsOf(pattern);
    const left = values.map((value, at) => {
      const query = Math.floor(at / columns);
      const rest = (rowSum[query] ?? 0) - (values[query * columns] ?? 0);
      return at % columns === 0 || rest <= 0 ? 0 : Math.min(1, value / rest);
    });
    const scale = { map: 'sequential', least: 0, greatest: 1, unit: 'share of the rest' } as const;
    return { kind: 'matrix', rows, columns, values: left, scale };
  },
};
