import type { HeadFigure } from '../core/figures/figure.ts';
import { figures } from '../core/figures/index.ts';

/** The figures that a visitor can choose from: `names` are those of the atlas, in whatever order. */
export function pageFigures(names: readonly string[]): { readonly name: string; readonly title: string }[] {
  return figures
    .filter((figure) => figure.scope === 'pattern' && (figure.name === 'raw' || names.includes(figure.name)))
    .map(({ name, title }) => ({ name, title }));
}

/** Those that are drawn at build of all prompts of a head. */
export function headFigures(names: readonly string[]): HeadFigure[] {
  return figures.filter(
    (figure): figure is HeadFigure => figure.scope === 'head' && names.includes(figure.name),
  );
}
