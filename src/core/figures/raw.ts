import type { PatternFigure } from './figure.ts';

export const raw: PatternFigure = {
  name: 'raw',
  title: 'Pattern',
  scope: 'pattern',
  reading:
    'Each row is a query token, each column a key token; a cell is the share of its attention that the query gives the key, and a row sums to 1.',
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
