import { sumsOf } from '../pattern-sums.ts';
import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';

/** Tokens on either side of the diagonal. */
const BAND = 4;

export const bandEnergy: PatternMetric<'pattern'> = {
  name: 'band-energy',
  title: 'Band energy',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, strong attention lies within four tokens of the query.',
  formula: 'Σ A[i, j]² over |i − j| ≤ 4, divided by Σ A[i, j]² over all cells, both over the queries i ≥ 5.',
  source: {
    text: 'Kovaleva et al., Revealing the Dark Secrets of BERT (the class of diagonal patterns)',
    year: 2019,
    url: 'https://aclanthology.org/D19-1445/',
  },
  misleads:
    'Squares count one cell of 0.9 more than nine of 0.1: a head that spreads over the band and beyond it scores by its few strong cells alone.',
  compute({ pattern }) {
    const { rows, columns, values } = pattern;
    if (!isOfOneText(pattern) || rows <= BAND + 1) return null;
    const { rowSquares } = sumsOf(pattern);
    let inBand = 0;
    let all = 0;
    for (let query = BAND + 1; query < rows; query++) {
      all += rowSquares[query] ?? 0;
      const last = Math.min(columns - 1, query + BAND);
      for (let key = query - BAND; key <= last; key++) inBand += (values[query * columns + key] ?? 0) ** 2;
    }
    return all === 0 ? null : inBand / all;
  },
};
