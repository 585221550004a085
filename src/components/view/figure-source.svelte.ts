import type { PatternFigure } from '../../core/figures/figure.ts';
import { raw } from '../../core/figures/raw.ts';

/** The figure that a page shows. All but the pattern itself are fetched when one of them is first asked for. */
export class FigureSource {
  /** What was asked for; undefined for the pattern itself. */
  name = $state<string>();
  /** What is shown. */
  figure = $state.raw<PatternFigure>(raw);

  /** Shows the figure of this name, or the pattern itself where there is none. @returns the names that there are */
  async choose(name: string | undefined): Promise<readonly string[]> {
    this.name = name;
    if (name === undefined || name === raw.name) {
      this.figure = raw;
      return [raw.name];
    }
    const { figures } = await import('../../core/figures/index.ts');
    const known = figures.filter((figure) => figure.scope === 'pattern');
    if (this.name === name) this.figure = known.find((figure) => figure.name === name) ?? raw;
    return known.map((figure) => figure.name);
  }

  /** The figure as an address names it: the pattern itself needs no name. */
  get inAddress(): string | undefined {
    return this.figure.name === raw.name ? undefined : this.figure.name;
  }
}
