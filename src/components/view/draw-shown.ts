import { tryFigure, type Drawn } from '../../core/figures/check-output.ts';
import type { FigureOutput, MatrixOutput, PatternFigure } from '../../core/figures/figure.ts';
import { patternOf, type Pattern } from '../../core/pattern.ts';
import { formatNumber } from '../../core/view/cell-value.ts';
import type { ReadyPattern } from './pattern-source.svelte.ts';

/** A matrix figure as a pattern of its own. */
interface DrawnMatrix extends Pick<MatrixOutput, 'kind' | 'scale' | 'axes' | 'rowLabels' | 'columnLabels'> {
  readonly pattern: Pattern;
}

/** What a figure makes of a pattern that is there, or why it makes nothing. */
export type DrawnFigure =
  DrawnMatrix | Exclude<FigureOutput, MatrixOutput> | Exclude<Drawn, { readonly kind: 'drawn' }>;

export function drawShown(figure: PatternFigure, shown: ReadyPattern): DrawnFigure {
  const isOfStack = figure.inputs.includes('stack') || figure.inputs.includes('position');
  const around = isOfStack ? shown.around?.() : {};
  const { pattern, header } = shown;
  const tried = tryFigure(figure, { pattern, tokens: header.tokens, ...around, ...shown.beside });
  if (tried.kind !== 'drawn') return tried;
  const { output } = tried;
  if (output.kind !== 'matrix') return output;
  const { rows, columns, values, ...rest } = output;
  const layout =
    output.axes === undefined ? shown.pattern.layout : ({ kind: 'rectangle', rows, columns } as const);
  return { ...rest, pattern: patternOf(layout, values) };
}

/** How exact the values of a pattern are, in a sentence. */
export function exactnessOf({ maxError, precision }: ReadyPattern['header']): string {
  return maxError === 0
    ? 'Values are as computed, float32.'
    : `Values are stored in 8 bits${precision === 'fine' ? ', by square root' : ''}: none is off by more than ${formatNumber(Number(maxError.toPrecision(2)))}.`;
}
