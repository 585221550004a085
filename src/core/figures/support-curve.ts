import { sumsOf } from '../pattern-sums.ts';
import { visibleKeys } from '../pattern.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';
import { lineChart } from './line-chart.ts';

export const supportCurve: PatternFigure<'pattern', SvgOutput> = {
  name: 'support-curve',
  title: 'Top-p support',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading:
    'How much of its attention a query gives its k strongest keys, on average: a sharp head is near 1 from the start.',
  formula:
    'S(k) = mean over the queries that attend to some key of the sum of their k largest A[i, j], divided by Σⱼ A[i, j].',
  misleads: 'Early queries have few keys and reach 1 at once, which lifts the curve of every head.',
  source: {
    text: 'Zhang et al., H2O: Heavy-Hitter Oracle for Efficient Generative Inference of Large Language Models',
    year: 2023,
    url: 'https://arxiv.org/abs/2306.14048',
  },
  draw({ pattern }) {
    const { columns, values } = pattern;
    const { rowSum } = sumsOf(pattern);
    const shares = new Float64Array(columns);
    let queries = 0;
    for (const [query, all] of rowSum.entries()) {
      if (all === 0) continue;
      queries++;
      const start = query * columns;
      const sorted = values.slice(start, start + visibleKeys(pattern, query)).sort();
      let gathered = 0;
      for (let count = 0; count < columns; count++) {
        gathered += sorted[sorted.length - 1 - count] ?? 0;
        shares[count] = (shares[count] ?? 0) + gathered / all;
      }
    }
    const curve = Array.from(shares, (share) => (queries === 0 ? 0 : Math.min(1, share / queries)));
    const axes = { across: 'keys', up: 'share of attention', from: '1', to: String(columns) };
    return { kind: 'svg', svg: lineChart({ values: curve, ...axes, greatest: 1 }) };
  },
};
