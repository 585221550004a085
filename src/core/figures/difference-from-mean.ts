import type { MatrixOutput, PatternFigure } from './figure.ts';
import { differenceScale } from './difference-scale.ts';

export const differenceFromMean: PatternFigure<'pattern' | 'mean', MatrixOutput> = {
  name: 'difference-from-mean',
  title: 'Difference from the mean',
  scope: 'pattern',
  inputs: ['pattern', 'mean'],
  output: 'matrix',
  usualScale: 'linear',
  reading:
    'What this prompt makes of the head: above its mean over all prompts in one colour, below in the other.',
  formula:
    'A[i, j] − m[i, j], with m[i, j] the mean of A[i, j] over all prompts of the atlas that are long enough to have a query i and a key j.',
  misleads:
    'Positions are compared, not words: a head that follows the text differs everywhere, and late queries have few prompts to be compared with.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  draw({ pattern: { rows, columns, values }, mean }) {
    const differences = values.map((value, at) => {
      const query = Math.floor(at / columns);
      return value - (mean.values[query * mean.columns + (at % columns)] ?? 0);
    });
    return { kind: 'matrix', rows, columns, values: differences, scale: differenceScale(differences) };
  },
};
