import { raw } from './raw.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const squareRoot: PatternFigure<'pattern', MatrixOutput> = {
  ...raw,
  name: 'square-root',
  title: 'Square-root scale',
  reading:
    'The pattern with colours by the square root of attention: a cell of 0.25 has half the strength of one of 1, and faint attention can be seen.',
  formula: 'Colour by √A[i, j].',
  misleads:
    'Many faint cells look like more attention than they add up to: read sums in the table, not in the colour.',
  usualScale: 'sqrt',
  draw: (input) => raw.draw(input),
};
