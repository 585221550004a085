import { gramOfRows } from '../gram.ts';
import type { PatternMetric } from './metric.ts';

/** Queries that are looked at: enough to tell the shape of a long pattern, and few enough to be quick. */
const MOST_QUERIES = 64;

export const effectiveRank: PatternMetric<'pattern'> = {
  name: 'effective-rank',
  title: 'Effective rank',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'Near 0, all queries attend alike; near 1, each in a way of its own.',
  formula:
    '(r − 1) / (n − 1), with r = (Σ σ²)² / Σ σ⁴ the participation ratio of the singular values σ of A and n the lesser of its sides; of 64 queries, evenly spread, where there are more.',
  source: {
    text: 'Gao et al., A theory of multineuronal dimensionality, dynamics and measurement (participation ratio)',
    year: 2017,
    url: 'https://www.biorxiv.org/content/10.1101/214262',
  },
  misleads:
    'A causal pattern has full rank by its shape alone; the ratio says how evenly, and the diagonal of an idle head that attends to itself gives the largest value of all.',
  compute({ pattern }) {
    const queries = evenly(pattern.rows, MOST_QUERIES);
    const side = Math.min(queries.length, pattern.columns);
    if (side < 2) return null;
    const gram = gramOfRows(pattern, queries);
    let trace = 0;
    let squares = 0;
    for (let row = 0; row < queries.length; row++) {
      for (let column = 0; column <= row; column++) {
        const value = gram[row * queries.length + column] ?? 0;
        squares += (column === row ? 1 : 2) * value * value;
        if (column === row) trace += value;
      }
    }
    return squares === 0 ? null : ((trace * trace) / squares - 1) / (side - 1);
  },
};

/** Up to `most` of the whole numbers below `count`, evenly spread, ascending. */
function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.floor(((at + 0.5) * count) / most));
}
