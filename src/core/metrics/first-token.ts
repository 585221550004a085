import { meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const firstToken: PatternMetric<'pattern'> = {
  name: 'first-token',
  title: 'First token',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, all attention rests on the first token, where heads put what they do not use.',
  formula: 'Mean of A[i, 0] over the queries i ≥ 1.',
  source: {
    text: 'Xiao et al., Efficient Streaming Language Models with Attention Sinks',
    year: 2023,
    url: 'https://arxiv.org/abs/2309.17453',
  },
  misleads:
    'Early queries have few other keys, so short prompts score higher; and without a begin-of-text token the first token is a word like any other, which may be meant.',
  compute: ({ pattern }) => meanOnKeys(pattern, (query) => (query === 0 ? undefined : [0])),
};
