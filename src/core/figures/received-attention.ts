import { sumsOf } from '../pattern-sums.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';
import { lineChart } from './line-chart.ts';

export const receivedAttention: PatternFigure<'pattern', SvgOutput> = {
  name: 'received-attention',
  title: 'Received attention',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading: 'How much attention each key draws, on average over the queries that see it.',
  formula: 'Mean of A[i, j] over the queries i that see key j.',
  misleads: 'Late keys are seen by few queries, themselves among them: the right end rises by itself.',
  source: {
    text: 'Clark et al., What Does BERT Look At? An Analysis of BERT’s Attention',
    year: 2019,
    url: 'https://aclanthology.org/W19-4828/',
  },
  draw({ pattern }) {
    const { columnSum } = sumsOf(pattern);
    const { layout, rows } = pattern;
    const values = Array.from(columnSum, (sum, key) => sum / (layout.kind === 'causal' ? rows - key : rows));
    const axes = { across: 'key', up: 'mean attention received', from: '0', to: String(values.length - 1) };
    return { kind: 'svg', svg: lineChart({ values, ...axes }) };
  },
};
