import { inductionScore } from './induction-score.ts';
import type { PatternMetric } from './metric.ts';

export const lossWeightedInduction: PatternMetric<'pattern' | 'ids' | 'tokenLoss'> = {
  name: 'loss-weighted-induction',
  title: 'Induction by loss',
  scope: 'pattern',
  inputs: ['pattern', 'ids', 'tokenLoss'],
  group: 'content',
  version: 2,
  range: [0, 1],
  reading: 'Induction where it pays: near 1, it is there on tokens whose next one the model foresees well.',
  formula:
    'As “Induction”, the mean weighted by e^(−loss of token i + 1): the probability that the model gave what came next.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads (loss on repeated tokens)',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'A token is also foreseen well for other reasons, such as the second half of a common word; the weight does not say that this head is why.',
  compute: ({ pattern, ids, tokenLoss }) =>
    inductionScore(pattern, ids, (query) => {
      const loss = tokenLoss[query + 1];
      return loss === undefined || Number.isNaN(loss) ? 0 : Math.exp(-loss);
    }),
};
