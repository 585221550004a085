import { fewestOf } from '../fewest-with.ts';
import { visibleKeys } from '../pattern.ts';
import { sumsOf } from '../pattern-sums.ts';
import type { PatternMetric } from './metric.ts';

/** The share of attention that is to be gathered. */
const TOP = 0.9;

export const topPSupport: PatternMetric<'pattern'> = {
  name: 'top-p-support',
  title: 'Top-p support',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'The share of the keys that hold nine tenths of the attention: small for a sharp head.',
  formula:
    'Mean, over the queries that see n ≥ 2 keys and attend to some, of (k − 1) / (n − 1), with k the least number of keys that have at least 0.9 of the query’s attention together.',
  source: {
    text: 'Zhang et al., H2O: Heavy-Hitter Oracle for Efficient Generative Inference of Large Language Models',
    year: 2023,
    url: 'https://arxiv.org/abs/2306.14048',
  },
  misleads:
    'It falls as prompts grow, for a head that needs three keys needs a smaller share of more; and it jumps where a key comes just above or below nine tenths.',
  compute({ pattern }) {
    const { columns, values } = pattern;
    const { rowSum } = sumsOf(pattern);
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    let sum = 0;
    let queries = 0;
    for (const [query, all] of rowSum.entries()) {
      const keys = visibleKeys(pattern, query);
      if (keys < 2 || all === 0) continue;
      const start = query * columns;
      sum += (fewestOf(values, bits, start, start + keys, TOP * all) - 1) / (keys - 1);
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};
