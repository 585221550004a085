import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';
import { isSpecial, sentencesOf } from './token-kinds.ts';

export const earlierSentence: PatternMetric<'pattern' | 'tokens' | 'places'> = {
  name: 'earlier-sentence',
  title: 'Earlier sentence',
  scope: 'pattern',
  inputs: ['pattern', 'tokens', 'places'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, attention goes to the sentences before the one that a token stands in.',
  formula:
    'Mean, over the queries i behind the first sentence, of Σ A[i, j] over the keys j of earlier sentences without special tokens. A sentence ends with . ! ? … or a newline.',
  source: {
    text: 'Wu et al., Retrieval Head Mechanistically Explains Long-Context Factuality (attention across a long text)',
    year: 2024,
    url: 'https://arxiv.org/abs/2404.15574',
  },
  misleads:
    'Sentences are cut by marks alone, so “3.5” or “Mr.” may end one; and the later a sentence, the more of the text stands before it.',
  compute({ pattern, tokens, places: { offsets } }) {
    if (!isOfOneText(pattern)) return null;
    const { rows, columns, values } = pattern;
    const sentences = sentencesOf(tokens);
    let sum = 0;
    let queries = 0;
    for (let query = 0; query < rows; query++) {
      const own = sentences[query] ?? 0;
      if (own === 0) continue;
      queries++;
      for (let key = 0; key < query && (sentences[key] ?? 0) < own; key++) {
        if (!isSpecial(offsets[key])) sum += values[query * columns + key] ?? 0;
      }
    }
    return queries === 0 ? null : sum / queries;
  },
};
