import { meanOf } from './averages.ts';
import type { ModelMetric } from './metric.ts';
import { earlierOccurrences } from './occurrences.ts';

export const repeatGain: ModelMetric<'ids' | 'tokenLoss'> = {
  name: 'repeat-gain',
  title: 'Gain from repetition',
  scope: 'model',
  prompts: 'repeated-tokens',
  inputs: ['ids', 'tokenLoss'],
  group: 'content',
  version: 2,
  range: [-50, 50],
  reading: 'How much better a model foresees random tokens the second time, in nats: its induction at work.',
  formula:
    'On prompts of random tokens that come twice: mean loss of the first round minus that of the second, without the first token of each.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads (loss on repeated random tokens)',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'A model that has seen little training gives every token the same loss, so it gains nothing; one with a large vocabulary can gain more.',
  observe({ ids, tokenLoss }) {
    const earlier = earlierOccurrences(ids);
    const isKnown = (at: number) => Number.isFinite(tokenLoss[at]);
    // A token can be foreseen from repetition where the one before it has occurred before, too.
    const places = ids.map((_, at) => at).filter((at) => at > 0 && isKnown(at));
    const lossOf = (wanted: boolean) =>
      meanOf(
        places
          .filter((at) => (earlier[at] !== undefined && earlier[at - 1] !== undefined) === wanted)
          .map((at) => tokenLoss[at] ?? 0),
      );
    const first = lossOf(false);
    const second = lossOf(true);
    return first === null || second === null ? null : [first - second];
  },
  compute: (observations) => meanOf(observations.flat()),
};
