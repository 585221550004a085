import { sumsOf } from '../pattern-sums.ts';
import { farthestKey } from '../pattern.ts';
import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const distanceSpread: PatternMetric<'pattern'> = {
  name: 'distance-spread',
  title: 'Spread of distance',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 0, each query looks one distance back; large, it looks near and far at once.',
  formula:
    'Mean over the queries i of the standard deviation of |i − j|, weighted by A[i, j] / Σⱼ A[i, j], divided by half the distance of the farthest key that i sees: the largest that it can be.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  misleads:
    'Two places are enough for a large value: half on the first token and half on the current one spreads more than attention that is even over the text.',
  compute({ pattern }) {
    if (!isOfOneText(pattern)) return null;
    const { rowSum, rowFar, rowFarSquares } = sumsOf(pattern);
    let sum = 0;
    let queries = 0;
    for (const [query, all] of rowSum.entries()) {
      const farthest = farthestKey(pattern, query);
      if (farthest === 0 || all === 0) continue;
      const mean = (rowFar[query] ?? 0) / all;
      const variance = Math.max(0, (rowFarSquares[query] ?? 0) / all - mean * mean);
      sum += (2 * Math.sqrt(variance)) / farthest;
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};
