import { nearestAddress } from '../../core/view/complete-address.ts';
import { stepAddress, type StepKind } from '../../core/view/step-address.ts';
import { withBase } from '../../schema/urls.ts';
import {
  comparePath,
  MOST_PANES,
  parseCompare,
  type Display,
  type PatternAddress,
} from '../../schema/view-state.ts';
import type { LiveOffer } from '../live/live-model.ts';
import { TypedTexts } from '../live/typed-texts.svelte.ts';
import { FigureSource } from '../view/figure-source.svelte.ts';
import { IndexSource } from '../view/index-source.svelte.ts';
import { PatternSource, type ReadyPattern } from '../view/pattern-source.svelte.ts';
import { PlotSettings } from '../view/plot-settings.svelte.ts';
import { LinkedPlaces } from './linked-places.svelte.ts';

/** One pane: what it was asked for, and what came of it. `id` stays while it is changed or moved. */
export class ComparePane {
  readonly id: number;
  readonly source: PatternSource;
  address: PatternAddress;

  constructor(id: number, source: PatternSource, address: PatternAddress) {
    this.id = id;
    this.source = source;
    this.address = $state.raw(address);
  }

  get ready(): ReadyPattern | undefined {
    const { shown } = this.source;
    return shown.kind === 'ready' ? shown : undefined;
  }
}

/** What `/compare/` shows, and its address. */
export class CompareController {
  panes = $state.raw<readonly ComparePane[]>([]);
  difference = $state(false);
  /** Whether the address was read, so that an empty page is known to be empty. */
  isRead = $state(false);
  notes = $state.raw<readonly string[]>([]);
  readonly settings = new PlotSettings();
  /** How all panes are drawn. */
  readonly figures = new FigureSource();
  /** What is pointed to, pinned and zoomed to, as each pane has it. */
  readonly places: LinkedPlaces;
  readonly indexes: IndexSource;
  readonly typed: TypedTexts;
  readonly #base: () => string;
  #lastId = 0;

  /** @param offer what can be run in the page on texts of the visitor's own */
  constructor(base: () => string, offer: () => LiveOffer | undefined) {
    this.#base = base;
    this.places = new LinkedPlaces(this.settings, base, () => this.largest);
    this.typed = new TypedTexts(offer);
    this.indexes = new IndexSource(base);
  }

  /** The pane with the most queries: pin and zoom are written down as they are there. */
  get largest(): ComparePane | undefined {
    const rows = (pane: ComparePane | undefined) => pane?.ready?.pattern.rows ?? 0;
    return this.panes.reduce<ComparePane | undefined>(
      (most, next) => (rows(next) > rows(most) ? next : most),
      undefined,
    );
  }

  get canAdd(): boolean {
    return this.panes.length < MOST_PANES;
  }

  /** Shows what the page's address names; without panes in it, two heads of the first model. */
  async readLocation(): Promise<void> {
    const { panes, display, problems } = parseCompare(location.search);
    this.typed.read(location.hash);
    this.settings.read(display);
    this.places.reset();
    this.difference = display.difference ?? false;
    this.notes = problems.map(({ text }) => text);
    void this.#readFigure(display);
    this.panes = panes.map((address) => this.#pane(address));
    this.isRead = true;
    await this.#show(this.panes);
    await this.indexes.load();
    const { index } = this.indexes;
    if (this.panes.length > 0 || index === undefined) return;
    const first = nearestAddress(index, {});
    if (first === undefined) return;
    const second = stepAddress(index, first, 'head', 1) ?? first;
    this.panes = [first, second].map((address) => this.#pane(address));
    await this.#show(this.panes);
  }

  /** Shows another pattern in `pane`. */
  async change(pane: ComparePane, address: PatternAddress): Promise<void> {
    pane.address = address;
    this.#push();
    await this.#show([pane]);
  }

  async step(pane: ComparePane, kind: StepKind, by: number): Promise<void> {
    const { index } = this.indexes;
    const next = index === undefined ? undefined : stepAddress(index, pane.address, kind, by);
    if (next !== undefined) await this.change(pane, next);
  }

  /** Adds a pane with what `pane` shows behind it. @returns the new pane, or undefined where six are there */
  async duplicate(pane: ComparePane): Promise<ComparePane | undefined> {
    if (!this.canAdd) return undefined;
    // A typed text is copied too, so that one of them can be changed and compared with the other.
    const prompt = this.typed.copy(pane.address.prompt, this.#prompts());
    const copy = this.#pane({ ...pane.address, prompt });
    const at = this.panes.indexOf(pane) + 1;
    this.panes = [...this.panes.slice(0, at), copy, ...this.panes.slice(at)];
    this.#push();
    await this.#show([copy]);
    return copy;
  }

  /** Adds a pane at the end: the head after that of the last one. */
  async add(): Promise<ComparePane | undefined> {
    const { index } = this.indexes;
    const last = this.panes.at(-1)?.address;
    if (index === undefined || !this.canAdd) return undefined;
    const next = last === undefined ? nearestAddress(index, {}) : stepAddress(index, last, 'head', 1);
    const address = next ?? last;
    if (address === undefined) return undefined;
    const pane = this.#pane(address);
    this.panes = [...this.panes, pane];
    this.#push();
    await this.#show([pane]);
    return pane;
  }

  /** Adds a pane for each of these patterns, as many as there is room for. */
  async addAll(addresses: readonly PatternAddress[]): Promise<void> {
    const added = addresses.slice(0, MOST_PANES - this.panes.length).map((address) => this.#pane(address));
    this.panes = [...this.panes, ...added];
    this.#push();
    await this.#show(added);
  }

  remove(pane: ComparePane): void {
    this.panes = this.panes.filter((other) => other !== pane);
    this.#push();
  }

  /** Moves a pane `by` places towards the end; it stays where it is at either end. */
  move(pane: ComparePane, by: number): void {
    const others = this.panes.filter((other) => other !== pane);
    const at = this.panes.indexOf(pane) + by;
    if (at < 0 || at > others.length) return;
    this.panes = [...others.slice(0, at), pane, ...others.slice(at)];
    this.#push();
  }

  /** Moves the pane of this id to where `target` is. */
  moveTo(id: number, target: ComparePane): void {
    const from = this.panes.findIndex((pane) => pane.id === id);
    const pane = this.panes[from];
    if (pane !== undefined && pane !== target) this.move(pane, this.panes.indexOf(target) - from);
  }

  async retry(panes: readonly ComparePane[] = []): Promise<void> {
    if (this.indexes.failure !== undefined) await this.indexes.load();
    if (this.panes.length === 0) await this.readLocation();
    else await this.#show(panes, true);
  }

  /** The address of what is shown, as it stands. */
  path(): string {
    const { largest } = this;
    const display =
      largest === undefined
        ? this.settings.display(undefined)
        : this.settings.display(largest.ready?.pattern, {
            pin: this.places.pin(largest),
            window: this.places.window(largest),
          });
    const addresses = this.panes.map((pane) => pane.address);
    const figure = this.figures.inAddress;
    const path = comparePath(addresses, {
      ...(figure === undefined ? {} : { figure }),
      ...display,
      ...(this.difference ? { difference: true } : {}),
    });
    return withBase(this.#base(), path) + this.typed.fragment(this.#prompts());
  }

  /** Draws all panes in another way, on the scale that this is meant for. */
  async draw(name: string): Promise<void> {
    await this.figures.choose(name, () => this.#show(this.panes));
    this.settings.useFigure(this.figures.figure);
  }

  async #readFigure({ figure: name, scale }: Display): Promise<void> {
    const fault = await this.figures.choose(name, () => this.#show(this.panes));
    if (scale === undefined && name !== undefined) this.settings.useFigure(this.figures.figure);
    if (fault !== undefined) this.notes = [...this.notes, fault];
  }

  /** Takes another text in the place of the one that was typed for `pane`. */
  async type(pane: ComparePane, text: string): Promise<void> {
    const { prompt } = pane.address;
    this.typed.write(prompt, text);
    await this.#show(this.panes.filter(({ address }) => address.prompt === prompt));
  }

  #prompts(): string[] {
    return this.panes.map(({ address }) => address.prompt);
  }

  #pane(address: PatternAddress): ComparePane {
    return new ComparePane(++this.#lastId, new PatternSource(this.#base, this.typed), address);
  }

  #push(): void {
    this.notes = [];
    history.pushState(null, '', this.path());
  }

  async #show(panes: readonly ComparePane[], fresh = false): Promise<void> {
    await Promise.all(panes.map((pane) => pane.source.load(pane.address, fresh, this.figures.inputs)));
    const pattern = this.largest?.ready?.pattern;
    if (pattern !== undefined) this.settings.fit(pattern);
    await this.places.load(this.panes);
  }
}
