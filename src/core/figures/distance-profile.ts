import { distanceCells, sumsOf } from '../pattern-sums.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';
import { lineChart } from './line-chart.ts';

export const distanceProfile: PatternFigure<'pattern', SvgOutput> = {
  name: 'distance-profile',
  title: 'Distance profile',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading: 'How much attention goes to the key at each distance, on average over the queries that have one.',
  formula: 'p(d) = mean of A[i, i − d] over i, for d = 0, 1, 2, …',
  misleads: 'Far distances have few queries: the right end is the mean of one or two cells.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  draw({ pattern }) {
    const { distanceSum } = sumsOf(pattern);
    const first = pattern.columns - 1;
    const values = Array.from(distanceCells(pattern).subarray(first), (cells, at) =>
      cells === 0 ? 0 : (distanceSum[first + at] ?? 0) / cells,
    );
    const axes = { across: 'tokens back', up: 'mean attention', from: '0', to: String(values.length - 1) };
    return { kind: 'svg', svg: lineChart({ values, ...axes }) };
  },
};
