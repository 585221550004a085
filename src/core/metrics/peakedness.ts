import { sumsOf } from '../pattern-sums.ts';
import { visibleKeys } from '../pattern.ts';
import type { PatternMetric } from './metric.ts';

export const peakedness: PatternMetric<'pattern'> = {
  name: 'peakedness',
  title: 'Peakedness',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'Near 1, each query gives a single key nearly all it has.',
  formula: 'Mean of maxⱼ A[i, j] over the queries that see at least two keys.',
  source: {
    text: 'Voita et al., Analyzing Multi-Head Self-Attention (“confidence” of a head)',
    year: 2019,
    url: 'https://aclanthology.org/P19-1580/',
  },
  misleads:
    'A head that rests on the first token is as sure of itself as one that finds the right word; and early queries are sure because they have little choice.',
  compute({ pattern }) {
    let sum = 0;
    let queries = 0;
    for (const [query, most] of sumsOf(pattern).rowMax.entries()) {
      if (visibleKeys(pattern, query) < 2) continue;
      sum += most;
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};
