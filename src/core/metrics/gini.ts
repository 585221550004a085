import { visibleKeys } from '../pattern.ts';
import { sumsOf } from '../pattern-sums.ts';
import { meanOf } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const gini: PatternMetric<'pattern'> = {
  name: 'gini',
  title: 'Gini coefficient',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'shape',
  range: [0, 1],
  reading: 'Near 0, attention is even over the keys; near 1, few keys have nearly all of it.',
  formula:
    'Mean, over the queries that see n ≥ 2 keys and attend to some, of Σₖ (2k − n − 1) a₍ₖ₎ / ((n − 1) Σ a), with a₍₁₎ ≤ … ≤ a₍ₙ₎ the attention of the query in order.',
  source: {
    text: 'Hurley and Rickard, Comparing Measures of Sparsity',
    year: 2009,
    url: 'https://arxiv.org/abs/0811.4706',
  },
  misleads:
    'With many keys nearly every head is above 0.8, as most keys get next to nothing: compare heads with each other, not with 0.5.',
  compute({ pattern }) {
    const { columns, values: cells } = pattern;
    const { rowSum } = sumsOf(pattern);
    const room = new Float32Array(columns);
    const values: number[] = [];
    for (const [query, all] of rowSum.entries()) {
      const keys = visibleKeys(pattern, query);
      if (keys < 2 || all === 0) continue;
      let weighted = 0;
      const row = room.subarray(0, keys);
      row.set(cells.subarray(query * columns, query * columns + keys));
      row.sort();
      for (let at = 0; at < keys; at++) weighted += (2 * at + 1 - keys) * (row[at] ?? 0);
      values.push(weighted / ((keys - 1) * all));
    }
    return meanOf(values);
  },
};
