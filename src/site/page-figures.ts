import type { Figure } from '../core/figures/figure.ts';
import { figures } from '../core/figures/index.ts';

/** Whether pages can draw a figure by themselves: the mean over prompts is in no file that they could fetch. */
function isDrawnInPage(figure: Figure): boolean {
  return figure.scope === 'pattern' && !figure.inputs.includes('mean');
}

/** The figures that a visitor can choose from: `names` are those of the atlas, in whatever order. */
export function pageFigures(names: readonly string[]): { readonly name: string; readonly title: string }[] {
  return figures
    .filter((figure) => isDrawnInPage(figure) && (figure.name === 'raw' || names.includes(figure.name)))
    .map(({ name, title }) => ({ name, title }));
}
