import { differenceScale } from './difference-scale.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';
import { kernelOf } from './kernel.ts';

export const positionalRest: PatternFigure<'pattern', MatrixOutput> = {
  name: 'positional-rest',
  title: 'Beyond position',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  usualScale: 'linear',
  reading:
    'What distance does not explain: more attention than usual at this distance in one colour, less in the other.',
  formula: 'A[i, j] − K[i, j], with K the positional kernel.',
  misleads:
    'A sink on the first token is left in full, for it is no distance; and one strong cell makes the others of its diagonal look weak.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model (attention by relative position)',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  draw({ pattern }) {
    const { rows, columns, values } = pattern;
    const kernel = kernelOf(pattern);
    const rest = values.map((value, at) => value - (kernel[at] ?? 0));
    return { kind: 'matrix', rows, columns, values: rest, scale: differenceScale(rest) };
  },
};
