import { isOfOneText, meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import { earlierOccurrences } from './occurrences.ts';

export const duplicateToken: PatternMetric<'pattern' | 'ids'> = {
  name: 'duplicate-token',
  title: 'Duplicate token',
  scope: 'pattern',
  inputs: ['pattern', 'ids'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, a token that occurred before attends to where it did.',
  formula:
    'Mean, over the queries i whose token occurred earlier, of the sum of A[i, j] over the keys j < i with the same token.',
  source: {
    text: 'Wang et al., Interpretability in the Wild: a Circuit for Indirect Object Identification in GPT-2 small',
    year: 2022,
    url: 'https://arxiv.org/abs/2211.00593',
  },
  misleads:
    'Frequent words and punctuation repeat in any text, and a head that likes them scores without comparing tokens.',
  compute({ pattern, ids }) {
    if (!isOfOneText(pattern)) return null;
    const earlier = earlierOccurrences(ids);
    return meanOnKeys(pattern, (query) => earlier[query]);
  },
};
