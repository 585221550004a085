import { singularValues } from '../singular-values.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';
import { lineChart } from './line-chart.ts';

export const singularSpectrum: PatternFigure<'pattern', SvgOutput> = {
  name: 'singular-values',
  title: 'Singular values',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading:
    'The singular values of the pattern, largest first: a steep fall means that queries attend much alike.',
  formula: 'σ₁ ≥ σ₂ ≥ …: the square roots of the eigenvalues of A Aᵀ.',
  misleads:
    'A causal pattern has as many as it has tokens, whatever the head does; of more than 256 queries, 256 evenly spread are taken.',
  source: {
    text: 'pattern-lens, the figure svd_spectra of its documentation',
    year: 2025,
    url: 'https://github.com/mivanit/pattern-lens',
  },
  draw({ pattern }) {
    const values = singularValues(pattern);
    const axes = { across: 'rank', up: 'singular value', from: '1', to: String(values.length) };
    return { kind: 'svg', svg: lineChart({ values, ...axes }) };
  },
};
