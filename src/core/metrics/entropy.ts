import { sumsOf } from '../pattern-sums.ts';
import { visibleKeys } from '../pattern.ts';
import type { PatternMetric } from './metric.ts';

export const entropy: PatternMetric<'pattern'> = {
  name: 'entropy',
  title: 'Entropy',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  version: 2,
  range: [0, 1],
  reading: 'Near 0, each token attends to a single key; near 1, evenly to all it can see.',
  formula:
    'Mean, over the queries that see at least two keys and attend to some, of −Σⱼ p ln p divided by ln(keys that i sees), with p = A[i, j] / Σⱼ A[i, j].',
  source: {
    text: 'Ghader and Monz, What does Attention in Neural Machine Translation Pay Attention to?',
    year: 2017,
    url: 'https://aclanthology.org/I17-1004/',
  },
  misleads:
    'A head that parks its attention on the first token looks as sharp as one that finds the right word: entropy says how narrow, not how useful.',
  compute({ pattern }) {
    const { rowSum, rowLogs } = sumsOf(pattern);
    let sum = 0;
    let queries = 0;
    for (const [query, all] of rowSum.entries()) {
      const keys = visibleKeys(pattern, query);
      if (keys < 2 || all === 0) continue;
      // −Σ p ln p with p = a / s is ln s − Σ a ln a / s.
      sum += (Math.log(all) - (rowLogs[query] ?? 0) / all) / Math.log(keys);
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};
