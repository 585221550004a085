import type { KnownInputs } from '../inputs.ts';
import { drawFigure, type FigureOutput, type PatternFigure } from './figure.ts';

/** What a figure gave on one pattern: nothing where an input is missing, or the reason why it cannot be shown. */
export type Drawn =
  | { readonly kind: 'drawn'; readonly output: FigureOutput }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'failed'; readonly reason: string; readonly error: unknown };

/** Draws a figure that anyone may have written: it may throw, or give what it did not declare. */
export function tryFigure(figure: PatternFigure, known: KnownInputs): Drawn {
  return tryDrawing(figure.output, () => drawFigure(figure, known));
}

/**
 * Calls `draw` and checks what it gives.
 *
 * @param kind of the output, as the figure declares it
 */
export function tryDrawing(kind: FigureOutput['kind'], draw: () => FigureOutput | undefined): Drawn {
  try {
    const output = draw();
    if (output === undefined) return { kind: 'unavailable' };
    const fault = faultOf(output, kind);
    return fault === undefined
      ? { kind: 'drawn', output }
      : { kind: 'failed', reason: fault, error: undefined };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error), error };
  }
}

/** What is wrong with an output in one sentence, or undefined. Types alone do not hold at run time. */
function faultOf(output: FigureOutput, kind: FigureOutput['kind']): string | undefined {
  if (typeof (output as unknown) !== 'object' || (output as unknown) === null) {
    return `It gave ${typeof output}, not an output.`;
  }
  if (output.kind !== kind) {
    return `It gave an output of the kind "${output.kind}" and declares "${kind}".`;
  }
  if (output.kind === 'matrix') return faultOfMatrix(output);
  if (output.kind === 'image') {
    const { width, height, rgba } = output;
    if (!isSize(width) || !isSize(height)) return `Its width and height are ${width} and ${height}.`;
    return countFault('rgba', rgba, width * height * 4, `${width} x ${height} pixels have four each`);
  }
  return /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/u.test(output.svg) &&
    output.svg.includes('http://www.w3.org/2000/svg')
    ? undefined
    : 'Its svg does not begin with <svg xmlns="http://www.w3.org/2000/svg">.';
}

function faultOfMatrix(output: FigureOutput & { kind: 'matrix' }): string | undefined {
  const { rows, columns, values, scale } = output;
  if (!isSize(rows) || !isSize(columns)) return `Its rows and columns are ${rows} and ${columns}.`;
  const count = countFault('values', values, rows * columns, `${rows} rows of ${columns} columns`);
  if (count !== undefined) return count;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    return `Its value in row ${Math.floor(wrong / columns)}, column ${wrong % columns} is ${values[wrong] ?? NaN}.`;
  }
  const { least, greatest } = (scale as typeof scale | undefined) ?? { least: NaN, greatest: NaN };
  return Number.isFinite(least) && Number.isFinite(greatest) && least < greatest
    ? undefined
    : `Its colour scale goes from ${least} to ${greatest}.`;
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function countFault(
  name: string,
  values: ArrayLike<number> | undefined,
  wanted: number,
  because: string,
): string | undefined {
  const given = values?.length;
  return given === wanted
    ? undefined
    : `Its ${name} hold ${given ?? 'no'} numbers, not ${wanted}: ${because}.`;
}
