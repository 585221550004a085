import { inductionScore } from './induction-score.ts';
import type { HeadMetric } from './metric.ts';
import { meanOf } from './averages.ts';

export const inductionRandom: HeadMetric<'pattern' | 'ids'> = {
  name: 'induction-random',
  title: 'Induction on random tokens',
  scope: 'head',
  prompts: 'repeated-tokens',
  inputs: ['pattern', 'ids'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, the head finds what followed a token before even where the text means nothing.',
  formula:
    'Mean of “Induction” over prompts of random tokens that come twice in the same order, which are run for this metric alone.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'Random tokens are unlike any text that the model was trained on: a head that does induction on words may miss it here, and all distances are the same, so a head that looks back by that many tokens scores too.',
  observe({ pattern, ids }) {
    const score = inductionScore(pattern, ids);
    return score === null ? null : [score];
  },
  compute: (observations) => meanOf(observations.flat()),
};
