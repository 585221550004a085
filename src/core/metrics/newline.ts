import { shareOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import { newlinesOf } from './token-kinds.ts';

export const newline: PatternMetric<'pattern' | 'tokens'> = {
  name: 'newline',
  title: 'Newline',
  scope: 'pattern',
  inputs: ['pattern', 'tokens'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, attention goes to the ends of lines.',
  formula:
    'Σ A[i, j] over the keys j whose token holds a newline, divided by Σ A over all keys; not defined where the text has one line.',
  source: {
    text: 'Xiao et al., Efficient Streaming Language Models with Attention Sinks (separators as sinks)',
    year: 2023,
    url: 'https://arxiv.org/abs/2309.17453',
  },
  misleads:
    'In verse and lists every line ends like the last: attention to line ends may be attention to the same token, which “Duplicate token” tells apart.',
  compute({ pattern, tokens }) {
    const ends = newlinesOf(tokens);
    return ends.includes(true) ? shareOnKeys(pattern, (key) => ends[key] === true) : null;
  },
};
