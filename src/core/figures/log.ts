import { raw } from './raw.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const logScale: PatternFigure<'pattern', MatrixOutput> = {
  ...raw,
  name: 'log',
  title: 'Log scale',
  reading: 'The pattern with colours by the logarithm of attention: each step of ten is as wide as the next.',
  formula: 'Colour by ln A[i, j].',
  misleads:
    'Cells of a ten-thousandth are plain to see here, and mean next to nothing for what the head takes in; packs of 8 bits hold them coarsely.',
  usualScale: 'log',
  draw: (input) => raw.draw(input),
};
