import { isOfOneText, meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const currentToken: PatternMetric<'pattern'> = {
  name: 'current-token',
  title: 'Current token',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, every token attends to itself.',
  formula: 'Mean of A[i, i] over the queries i ≥ 1.',
  source: {
    text: 'Clark et al., What Does BERT Look At? An Analysis of BERT’s Attention',
    year: 2019,
    url: 'https://aclanthology.org/W19-4828/',
  },
  misleads:
    'A head that has nothing to do may rest on the current token instead of the first one, and a head that looks for the same token finds it there first.',
  compute: ({ pattern }) =>
    isOfOneText(pattern) ? meanOnKeys(pattern, (query) => (query === 0 ? undefined : [query])) : null,
};
