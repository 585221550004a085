import { visibleKeys } from '../pattern.ts';
import type { PatternMetric } from './metric.ts';

export const entropy: PatternMetric<'pattern'> = {
  name: 'entropy',
  title: 'Entropy',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'Near 0, each token attends to a single key; near 1, evenly to all it can see.',
  formula:
    'Mean, over the queries that see at least two keys, of −Σⱼ A[i, j] ln A[i, j] divided by ln(keys that i sees).',
  source: {
    text: 'Ghader and Monz, What does Attention in Neural Machine Translation Pay Attention to?',
    year: 2017,
    url: 'https://aclanthology.org/I17-1004/',
  },
  misleads:
    'A head that parks its attention on the first token looks as sharp as one that finds the right word: entropy says how narrow, not how useful.',
  compute({ pattern }) {
    let sum = 0;
    let queries = 0;
    for (let query = 0; query < pattern.rows; query++) {
      const keys = visibleKeys(pattern, query);
      if (keys < 2) continue;
      sum += rowEntropy(pattern.values, query * pattern.columns, keys) / Math.log(keys);
      queries++;
    }
    return queries === 0 ? null : sum / queries;
  },
};

/** Nats; cells that are 0 add nothing. */
function rowEntropy(values: Float32Array, start: number, keys: number): number {
  let nats = 0;
  for (let at = start; at < start + keys; at++) {
    const value = values[at] ?? 0;
    if (value > 0) nats -= value * Math.log(value);
  }
  return nats;
}
