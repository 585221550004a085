import { shareOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import { punctuationOf } from './token-kinds.ts';

export const punctuation: PatternMetric<'pattern' | 'tokens'> = {
  name: 'punctuation',
  title: 'Punctuation',
  scope: 'pattern',
  inputs: ['pattern', 'tokens'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, attention goes to commas, full stops, brackets and other marks.',
  formula:
    'Σ A[i, j] over the keys j whose token is made of punctuation marks alone, divided by Σ A over all keys; not defined where the text has no such token.',
  source: {
    text: 'Clark et al., What Does BERT Look At? An Analysis of BERT’s Attention',
    year: 2019,
    url: 'https://aclanthology.org/W19-4828/',
  },
  misleads:
    'Code and data are full of marks, so an even head scores high there; and marks are where heads rest when they find nothing.',
  compute({ pattern, tokens }) {
    const marks = punctuationOf(tokens);
    return marks.includes(true) ? shareOnKeys(pattern, (key) => marks[key] === true) : null;
  },
};
