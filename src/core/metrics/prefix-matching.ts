import { meanOf, meanOnKeys } from './averages.ts';
import type { HeadMetric } from './metric.ts';
import { earlierFollowers } from './occurrences.ts';

export const prefixMatching: HeadMetric<'pattern' | 'ids'> = {
  name: 'prefix-matching',
  title: 'Prefix matching',
  scope: 'head',
  prompts: 'repeated-tokens',
  inputs: ['pattern', 'ids'],
  group: 'content',
  range: [0, 1],
  reading:
    'Near 1, a token attends to the one that followed its earlier occurrence, before that followed again.',
  formula:
    'On prompts of random tokens that come twice: mean over the queries of the second round of Σ A[i, j] over the keys j < i with token j − 1 equal to token i.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads (“prefix matching score”)',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'The paper repeats its random tokens four times, this atlas twice; values are close, not equal. Matching is half of induction: whether the head then copies, it does not say.',
  observe({ pattern, ids }) {
    const followers = earlierFollowers(ids);
    const score = meanOnKeys(pattern, (query) => followers[query]?.filter((key) => key < query));
    return score === null ? null : [score];
  },
  compute: (observations) => meanOf(observations.flat()),
};
