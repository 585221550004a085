import { shareOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import { isSpecial } from './token-kinds.ts';

export const delimiter: PatternMetric<'pattern' | 'places'> = {
  name: 'delimiter',
  title: 'Delimiters',
  scope: 'pattern',
  inputs: ['pattern', 'places'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, attention rests on tokens that are none of the text: begin-of-text, separators.',
  formula:
    'Σ A[i, j] over the keys j whose token stands for no character of the text, divided by Σ A over all keys; not defined where there is none, or nothing else.',
  source: {
    text: 'Clark et al., What Does BERT Look At? An Analysis of BERT’s Attention ([CLS] and [SEP])',
    year: 2019,
    url: 'https://aclanthology.org/W19-4828/',
  },
  misleads:
    'In a decoder with a begin-of-text token it is little else than “First token”, with the first query, which has no choice, counted in.',
  compute({ pattern, places: { offsets } }) {
    if (!offsets.some(isSpecial) || offsets.every(isSpecial)) return null;
    return shareOnKeys(pattern, (key) => isSpecial(offsets[key]));
  },
};
