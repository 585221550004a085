import type { MatrixOutput, PatternFigure } from './figure.ts';

export const valueWeighted: PatternFigure<'pattern' | 'valueNorms', MatrixOutput> = {
  name: 'value-weighted',
  title: 'Value-weighted',
  scope: 'pattern',
  inputs: ['pattern', 'valueNorms'],
  output: 'matrix',
  reading: 'Attention times the length of what the key gives: how much is moved from each key to each query.',
  formula: 'A[i, j] ‖vⱼ‖, with vⱼ the vector that a query attending to key j alone is given.',
  misleads:
    'Lengths add up only where vectors point the same way: two large cells may cancel out, and the first token’s values are short in most heads just because it is attended to by default.',
  source: {
    text: 'Kobayashi et al., Attention is Not Only a Weight: Analyzing Transformers with Vector Norms',
    year: 2020,
    url: 'https://aclanthology.org/2020.emnlp-main.574/',
  },
  draw({ pattern: { rows, columns, values }, valueNorms }) {
    const weighted = values.map((value, at) => value * (valueNorms[at % columns] ?? 0));
    const greatest = weighted.reduce((most, value) => Math.max(most, value), 0);
    const scale = {
      map: 'sequential',
      least: 0,
      greatest: greatest || 1,
      unit: 'attention × value norm',
    } as const;
    return { kind: 'matrix', rows, columns, values: weighted, scale };
  },
};
