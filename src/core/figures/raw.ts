import type { MatrixOutput, PatternFigure } from './figure.ts';

export const raw: PatternFigure<'pattern', MatrixOutput> = {
  name: 'raw',
  title: 'Pattern',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  reading:
    'Each row is a query token, each column a key token; a cell is the share of its attention that the query gives the key, and a row sums to 1.',
  formula: 'A[i, j], the softmax over j of query i times key j.',
  misleads:
    'Attention says where a head reads, not what it takes from there: a large cell may carry a value vector of next to no length, and colours by square root make faint cells look stronger than they are.',
  source: {
    text: 'Vaswani et al., Attention Is All You Need',
    year: 2017,
    url: 'https://arxiv.org/abs/1706.03762',
  },
  draw({ pattern: { rows, columns, values } }) {
    return {
      kind: 'matrix',
      rows,
      columns,
      values,
      scale: { map: 'sequential', least: 0, greatest: 1, unit: 'attention' },
    };
  },
};
