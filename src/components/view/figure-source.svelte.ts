import type { PatternFigure } from '../../core/figures/figure.ts';
import type { PatternInput } from '../../core/inputs.ts';
import { OWN_FIGURE_CHANGED } from '../../core/figures/own-changed.ts';
import { raw } from '../../core/figures/raw.ts';

/** What every pattern is loaded with. */
const AT_HAND: ReadonlySet<PatternInput> = new Set(['pattern', 'tokens']);

/** The figure that a page shows. All but the pattern itself are fetched when one of them is first asked for. */
export class FigureSource {
  /** What was asked for; undefined for the pattern itself. */
  name = $state<string>();
  /** What is shown. */
  figure = $state.raw<PatternFigure>(raw);
  #wanted: PatternFigure = raw;

  constructor() {
    if (import.meta.hot && !import.meta.env.SSR) {
      addEventListener(OWN_FIGURE_CHANGED, (event) => {
        if ((event as CustomEvent<unknown>).detail !== this.#wanted) return;
        event.preventDefault();
        this.figure = { ...this.#wanted };
      });
    }
  }

  /** What patterns that are loaded now are loaded with: the inputs of what is shown next. */
  get inputs(): readonly PatternInput[] {
    return this.#wanted.inputs;
  }

  /**
   * Shows the figure of this name, or the pattern itself where there is none.
   *
   * @param load fetches what `inputs` are now; the figure is shown when that is done
   * @returns a sentence where there is no such figure of one pattern
   */
  async choose(name: string | undefined, load: () => Promise<void>): Promise<string | undefined> {
    this.name = name;
    if (name === undefined || name === raw.name) {
      this.figure = this.#wanted = raw;
      return undefined;
    }
    const { figures } = await import('../../core/figures/index.ts');
    const found = figures.find((figure) => figure.name === name);
    if (this.name !== name) return undefined;
    const figure = found?.scope === 'pattern' ? found : raw;
    this.#wanted = figure;
    if (figure.inputs.some((input) => !AT_HAND.has(input))) await load();
    if (this.#wanted === figure) this.figure = figure;
    if (found === undefined) {
      const known = figures.flatMap((each) => (each.scope === 'pattern' ? [each.name] : []));
      return `There is no figure “${name}” here. Known: ${known.join(', ')}.`;
    }
    return found === figure
      ? undefined
      : `“${found.title}” is drawn of all prompts of a head, not of one: it is on the head’s own page.`;
  }

  /** The figure as an address names it: the pattern itself needs no name. */
  get inAddress(): string | undefined {
    return this.figure.name === raw.name ? undefined : this.figure.name;
  }
}
