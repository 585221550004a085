import type { Figure, PatternFigure } from '../core/figures/figure.ts';
import { figures } from '../core/figures/index.ts';
import type { PatternInput } from '../core/inputs.ts';

/** What a page knows of a pattern that it has fetched. */
const KNOWN: ReadonlySet<PatternInput> = new Set<PatternInput>(['pattern', 'tokens', 'stack', 'position']);

/** Whether pages can draw a figure by themselves. */
function isDrawnInPage(figure: Figure): figure is PatternFigure {
  return figure.scope === 'pattern' && figure.inputs.every((name) => KNOWN.has(name));
}

/** The figures that a visitor can choose from: `names` are those of the atlas, in whatever order. */
export function pageFigures(names: readonly string[]): { readonly name: string; readonly title: string }[] {
  return figures
    .filter((figure) => isDrawnInPage(figure) && (figure.name === 'raw' || names.includes(figure.name)))
    .map(({ name, title }) => ({ name, title }));
}
