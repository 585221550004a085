import type { PatternMetric } from './metric.ts';

/** Attention from which on the first token counts as a sink: ε of the paper. */
const SINK = 0.3;

export const sinkRate: PatternMetric<'pattern'> = {
  name: 'sink-rate',
  title: 'Sink rate',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'The share of queries that give the first token more than 0.3 of their attention.',
  formula: 'Share of the queries i ≥ 1 with A[i, 0] > 0.3.',
  source: {
    text: 'Gu et al., When Attention Sink Emerges in Language Models: An Empirical View',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.10781',
  },
  misleads:
    'The threshold is a convention: a head at 0.29 on every query scores 0. The paper takes the mean over queries first; “First token” is that mean.',
  compute({ pattern: { rows, columns, values } }) {
    if (rows < 2) return null;
    let queries = 0;
    for (let query = 1; query < rows; query++) if ((values[query * columns] ?? 0) > SINK) queries++;
    return queries / (rows - 1);
  },
};
