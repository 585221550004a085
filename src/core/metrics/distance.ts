import { sumsOf } from '../pattern-sums.ts';
import { farthestKey } from '../pattern.ts';
import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const distance: PatternMetric<'pattern'> = {
  name: 'distance',
  title: 'Distance',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 0, attention stays close by; near 1, it goes as far back as it can.',
  formula:
    'Mean over the queries i of Σⱼ A[i, j] |i − j| / Σⱼ A[i, j], divided by the distance of the farthest key that i sees.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  misleads:
    'A head that rests on the first token reaches as far as there is text, whatever it looks for: read it beside “First token”.',
  compute({ pattern }) {
    if (!isOfOneText(pattern)) return null;
    const { rowSum, rowFar } = sumsOf(pattern);
    let sum = 0;
    let queries = 0;
    for (const [query, all] of rowSum.entries()) {
      const farthest = farthestKey(pattern, query);
      if (farthest === 0 || all === 0) continue;
      sum += (rowFar[query] ?? 0) / all / farthest;
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};
