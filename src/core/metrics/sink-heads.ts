import { firstToken } from './first-token.ts';
import type { ModelMetric } from './metric.ts';

/** ε of the paper. */
const SINK = 0.3;

export const sinkHeads: ModelMetric<'stack'> = {
  name: 'sink-heads',
  title: 'Sink heads',
  scope: 'model',
  prompts: 'atlas',
  inputs: ['stack'],
  group: 'position',
  range: [0, 1],
  reading:
    'The share of a model’s heads that give the first token more than 0.3 of their attention on average.',
  formula:
    'Share of the heads whose mean over prompts of “First token” is above 0.3: Sink with ε = 0.3 of the paper.',
  source: {
    text: 'Gu et al., When Attention Sink Emerges in Language Models: An Empirical View',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.10781',
  },
  misleads:
    'The paper uses prompts of 64 tokens; shorter ones leave queries less choice, and give larger values.',
  observe: ({ stack }) => stack.flat().map((pattern) => firstToken.compute({ pattern }) ?? 0),
  compute(observations) {
    const heads = observations[0]?.length ?? 0;
    if (heads === 0) return null;
    let sinks = 0;
    for (let head = 0; head < heads; head++) {
      const sum = observations.reduce((total, ofPrompt) => total + (ofPrompt[head] ?? 0), 0);
      if (sum / observations.length > SINK) sinks++;
    }
    return sinks / heads;
  },
};
