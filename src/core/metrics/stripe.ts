import { sumsOf } from '../pattern-sums.ts';
import type { PatternMetric } from './metric.ts';

export const stripe: PatternMetric<'pattern'> = {
  name: 'stripe',
  title: 'Stripe',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'Near 1, one key other than the first draws the attention of every query that sees it.',
  formula:
    'The largest over the keys j ≥ 1 seen by at least four queries of the mean of A[i, j] over these queries.',
  source: {
    text: 'Jiang et al., MInference 1.0: Accelerating Pre-filling for Long-Context LLMs (vertical lines)',
    year: 2024,
    url: 'https://arxiv.org/abs/2407.02490',
  },
  misleads:
    'The last keys are seen by few queries, so chance makes stripes there, and more so in short prompts.',
  compute({ pattern }) {
    const { rows, layout } = pattern;
    const { columnSum } = sumsOf(pattern);
    let most: number | null = null;
    for (const [key, sum] of columnSum.entries()) {
      const queries = layout.kind === 'causal' ? rows - key : rows;
      if (key > 0 && queries >= 4) most = Math.max(most ?? 0, sum / queries);
    }
    return most;
  },
};
