import { isOfOneText, meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const previousToken: PatternMetric<'pattern'> = {
  name: 'previous-token',
  title: 'Previous token',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, every token attends to the token just before it.',
  formula: 'Mean of A[i, i − 1] over the queries i ≥ 1.',
  source: {
    text: 'Elhage et al., A Mathematical Framework for Transformer Circuits',
    year: 2021,
    url: 'https://transformer-circuits.pub/2021/framework/index.html',
  },
  misleads:
    'On very short prompts the first rows have few keys to choose from, so even a head that attends evenly scores above 0.',
  compute: ({ pattern }) =>
    isOfOneText(pattern) ? meanOnKeys(pattern, (query) => (query === 0 ? undefined : [query - 1])) : null,
};
