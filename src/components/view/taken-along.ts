import { pythonSnippet } from '../../core/export/python-snippet.ts';
import { tryFigure, type Drawn } from '../../core/figures/check-output.ts';
import type { FigureOutput, MatrixOutput, PatternFigure } from '../../core/figures/figure.ts';
import { patternOf, type Pattern } from '../../core/pattern.ts';
import { formatNumber } from '../../core/view/cell-value.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { headTitle } from '../atlas/head-title.ts';
import type { ReadyPattern } from './pattern-source.svelte.ts';

/** A matrix figure as a pattern of its own. */
interface DrawnMatrix extends Pick<MatrixOutput, 'kind' | 'scale' | 'axes' | 'rowLabels' | 'columnLabels'> {
  readonly pattern: Pattern;
}

/** What a figure makes of a pattern that is there, or why it makes nothing. */
export type DrawnFigure =
  DrawnMatrix | Exclude<FigureOutput, MatrixOutput> | Exclude<Drawn, { readonly kind: 'drawn' }>;

export function drawShown(figure: PatternFigure, shown: ReadyPattern): DrawnFigure {
  const around = figure.inputs.includes('stack') ? shown.around?.() : {};
  const tried = tryFigure(figure, { pattern: shown.pattern, tokens: shown.header.tokens, ...around });
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

/** The name of a saved file, without its end. */
export function fileNameOf(address: PatternAddress, figure?: string): string {
  const parts = [address.model, headTitle(address).replaceAll(' ', '-'), address.prompt];
  return [...parts, ...(figure === undefined ? [] : [figure])].join('-');
}

/**
 * The words to paste elsewhere.
 *
 * @param frame the address of the pattern in a frame of another page
 */
export function patternSnippets(of: {
  readonly fileName: string;
  readonly arrayName: string;
  readonly title: string;
  readonly frame: string;
  readonly citation: string | undefined;
}): { readonly label: string; readonly text: string }[] {
  const { fileName, arrayName, title, frame, citation } = of;
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const embed = `<iframe src="${escaped(frame)}" title="${escaped(title)}" width="760" height="900" loading="lazy"></iframe>`;
  return [
    { label: 'Python, for the NPZ', text: pythonSnippet(`${fileName}.npz`, arrayName) },
    { label: 'HTML of a frame', text: embed },
    ...(citation === undefined ? [] : [{ label: 'BibTeX', text: citation }]),
  ];
}
