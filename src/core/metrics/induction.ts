import { inductionScore } from './induction-score.ts';
import type { PatternMetric } from './metric.ts';

export const induction: PatternMetric<'pattern' | 'ids'> = {
  name: 'induction',
  title: 'Induction',
  scope: 'pattern',
  inputs: ['pattern', 'ids'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, a token that occurred before attends to what followed it then.',
  formula:
    'Mean, over the queries i whose token occurred earlier, of the sum of A[i, j] over the keys j ≤ i with token j − 1 equal to token i and j − 1 < i.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'A token repeated at once (“the the”) counts its own position, so a head that attends to itself scores there too; and frequent words such as “the” repeat in any text without there being anything to copy.',
  compute: ({ pattern, ids }) => inductionScore(pattern, ids),
};
