import { addressFaults, nearestAddress } from '../../core/view/complete-address.ts';
import { stepAddress, type StepKind } from '../../core/view/step-address.ts';
import { isTyped } from '../../schema/live-state.ts';
import { withBase } from '../../schema/urls.ts';
import { parseView, viewPath, type Display, type PatternAddress } from '../../schema/view-state.ts';
import type { LiveOffer } from '../live/live-model.ts';
import { TypedTexts } from '../live/typed-texts.svelte.ts';
import { FigureSource } from './figure-source.svelte.ts';
import { IndexSource } from './index-source.svelte.ts';
import { PatternSource } from './pattern-source.svelte.ts';
import { PlotSettings } from './plot-settings.svelte.ts';

/** What `/view/` shows, and its address: read from the query string, written to it, stepped through. */
export class ViewController {
  address = $state.raw<PatternAddress>();
  /** Sentences about what the link asked for and did not get. */
  notes = $state.raw<readonly string[]>([]);
  /** The page stands in a frame of another. */
  isEmbedded = $state(false);
  readonly settings = new PlotSettings();
  readonly figures = new FigureSource();
  readonly indexes: IndexSource;
  readonly patterns: PatternSource;
  readonly typed: TypedTexts;
  readonly #base: () => string;

  /** @param offer what can be run in the page on a text of the visitor's own */
  constructor(base: () => string, offer: () => LiveOffer | undefined) {
    this.#base = base;
    this.indexes = new IndexSource(base);
    this.typed = new TypedTexts(offer);
    this.patterns = new PatternSource(base, this.typed);
  }

  /** Shows what the page's address names; where it leaves something open, the first that the atlas holds. */
  async readLocation(): Promise<void> {
    const { address, display, problems } = parseView(location.search);
    this.typed.read(location.hash);
    this.settings.read(display);
    this.isEmbedded = display.embed ?? false;
    this.notes = problems.map(({ text }) => text);
    void this.#readFigure(display);
    const { model, stack, layer, head, prompt } = address;
    if (
      model !== undefined &&
      stack !== undefined &&
      layer !== undefined &&
      head !== undefined &&
      prompt !== undefined
    ) {
      this.address = { model, stack, layer, head, prompt };
      await this.#show(false);
      // What the pickers offer can wait until the first pattern is there.
      await this.indexes.load();
      return;
    }
    this.address = undefined;
    await this.indexes.load();
    const { index } = this.indexes;
    if (index === undefined) return;
    this.notes = [...this.notes, ...addressFaults(index, address)];
    this.address = nearestAddress(index, address);
    await this.#show(false);
  }

  /** Goes to another pattern, which a press of "back" undoes. */
  async go(address: PatternAddress): Promise<void> {
    this.notes = [];
    this.address = address;
    history.pushState(null, '', this.path());
    await this.#show(false);
  }

  async step(kind: StepKind, by: number): Promise<void> {
    const { index } = this.indexes;
    const next =
      index === undefined || this.address === undefined
        ? undefined
        : stepAddress(index, this.address, kind, by);
    if (next !== undefined) await this.go(next);
  }

  async retry(): Promise<void> {
    if (this.indexes.failure !== undefined) await this.indexes.load();
    if (this.address === undefined) await this.readLocation();
    else await this.#show(true);
  }

  /** The address of what is shown, as it stands; or as it is to stand in a frame of another page, or not. */
  path(isEmbedded = this.isEmbedded): string {
    const { shown } = this.patterns;
    if (this.address === undefined) return `${location.pathname}${location.search}${location.hash}`;
    const isCurrent = shown.kind === 'ready' && shown.address === this.address;
    const figure = this.figures.inAddress;
    const path = viewPath(this.address, {
      ...(figure === undefined ? {} : { figure }),
      ...this.settings.display(isCurrent ? shown.pattern : undefined),
      ...(isEmbedded ? { embed: true } : {}),
    });
    return withBase(this.#base(), path) + this.typed.fragment([this.address.prompt]);
  }

  /** Takes another text in the place of the one that was typed. */
  async type(text: string): Promise<void> {
    if (this.address === undefined) return;
    this.typed.write(this.address.prompt, text);
    await this.#show(false);
  }

  async #show(fresh: boolean): Promise<void> {
    const { address } = this;
    if (address === undefined) return;
    const before = this.patterns.shown;
    await this.patterns.load(address, fresh, this.figures.inputs);
    const { shown } = this.patterns;
    if (shown.kind !== 'ready' || shown.address !== address) return;
    const isOtherText =
      before.kind === 'ready' &&
      !(isTyped(address.prompt) && before.address.prompt === address.prompt) &&
      before.header.tokens.join('\n') !== shown.header.tokens.join('\n');
    if (isOtherText) this.settings.clearPlace();
    const dropped = this.settings.fit(shown.pattern);
    if (dropped === undefined) return;
    const { rows, columns } = shown.pattern;
    const cell = `query ${dropped.query}, key ${dropped.key}`;
    this.notes = [
      ...this.notes,
      `The pinned cell (${cell}) lies outside this pattern of ${rows} × ${columns}.`,
    ];
  }

  /** Draws the pattern in another way, on the scale that this is meant for. */
  async draw(name: string): Promise<void> {
    await this.figures.choose(name, () => this.#show(false));
    this.settings.useFigure(this.figures.figure);
  }

  async #readFigure({ figure: name, scale }: Display): Promise<void> {
    const fault = await this.figures.choose(name, () => this.#show(false));
    if (scale === undefined && name !== undefined) this.settings.useFigure(this.figures.figure);
    if (fault !== undefined) this.notes = [...this.notes, fault];
  }
}
