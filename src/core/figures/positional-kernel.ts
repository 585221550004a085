import type { MatrixOutput, PatternFigure } from './figure.ts';
import { kernelOf } from './kernel.ts';

export const positionalKernel: PatternFigure<'pattern', MatrixOutput> = {
  name: 'positional-kernel',
  title: 'Positional kernel',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  reading: 'The part of the pattern that distance alone explains: every diagonal has its mean.',
  formula: 'K[i, j] = mean of A over all cells at the distance i − j.',
  misleads:
    'Rows no longer sum to 1, and the farthest distances are means of a cell or two: their corner shows the text, not a habit.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model (attention by relative position)',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  draw({ pattern }) {
    const { rows, columns } = pattern;
    const scale = { map: 'sequential', least: 0, greatest: 1, unit: 'mean attention' } as const;
    return { kind: 'matrix', rows, columns, values: kernelOf(pattern), scale };
  },
};
