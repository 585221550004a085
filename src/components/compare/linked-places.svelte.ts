import { SvelteMap } from 'svelte/reactivity';
import type { TokenPlaces } from '../../core/view/align-tokens.ts';
import { linkedCell, linkedWindow, type LinkedPlot } from '../../core/view/link-panes.ts';
import type { PlotWindow } from '../../core/view/plot-window.ts';
import { isTyped } from '../../schema/live-state.ts';
import { assets, withBase } from '../../schema/urls.ts';
import { tokenPlacesSchema } from '../../schema/token-places.ts';
import type { Cell } from '../../schema/view-state.ts';
import { loadFile } from '../view/load-file.ts';
import { axisTokens, type ReadyPattern } from '../view/pattern-source.svelte.ts';
import type { PlotSettings } from '../view/plot-settings.svelte.ts';

/** A pane as far as it takes part: what it shows, once it shows something. */
interface Linked {
  readonly ready: ReadyPattern | undefined;
}

type Follows = 'hover' | 'pin' | 'window';

/**
 * Pointer, pin and zoom of several panes. Each stands in the settings as it is in the pane where it was last changed
 * (in `usual` where it came with the address), and is carried over to the others by the characters of their text, or by
 * position where these are not known.
 */
export class LinkedPlaces {
  readonly #settings: PlotSettings;
  readonly #base: () => string;
  readonly #usual: () => Linked | undefined;
  /** By prompt, then by model. */
  readonly #places = new SvelteMap<string, Readonly<Record<string, TokenPlaces>>>();
  #origins = $state.raw<Partial<Record<Follows, Linked>>>({});

  constructor(settings: PlotSettings, base: () => string, usual: () => Linked | undefined) {
    this.#settings = settings;
    this.#base = base;
    this.#usual = usual;
  }

  hover(pane: Linked): Cell | undefined {
    return this.#cell('hover', this.#settings.hover, pane);
  }

  pin(pane: Linked): Cell | undefined {
    return this.#cell('pin', this.#settings.pin, pane);
  }

  window(pane: Linked): PlotWindow {
    const { window } = this.#settings;
    const plot = this.plot(pane);
    return plot === undefined ? window : linkedWindow(plot, window, this.#from('window'));
  }

  /** Takes over what was pointed to, pinned or zoomed to in `pane`. */
  set(pane: Linked, place: Partial<Pick<PlotSettings, Follows>>): void {
    for (const kind of ['hover', 'pin', 'window'] as const)
      if (kind in place) this.#origins = { ...this.#origins, [kind]: pane };
    Object.assign(this.#settings, place);
  }

  /** Forgets where places came from: they are those of an address again. */
  reset(): void {
    this.#origins = {};
  }

  /** Whether it is known where the tokens of a pane lie in its text. */
  hasPlaces({ ready }: Linked): boolean {
    return ready !== undefined && this.#placesOf(ready) !== undefined;
  }

  /** Fetches where tokens lie, of texts that panes show in different tokens. Without the file, positions have to do. */
  async load(panes: readonly Linked[]): Promise<void> {
    const byPrompt = Map.groupBy(
      panes.flatMap(({ ready }) => ready ?? []),
      ({ address }) => address.prompt,
    );
    await Promise.all(
      [...byPrompt].map(async ([prompt, shown]) => {
        const [first, ...others] = shown.map(({ header }) => header.tokens.join('\0'));
        const isMixed = others.some((tokens) => tokens !== first);
        if (isMixed && !isTyped(prompt) && !this.#places.has(prompt)) await this.#fetch(prompt);
      }),
    );
  }

  plot({ ready }: Linked): LinkedPlot | undefined {
    if (ready === undefined) return undefined;
    const { pattern, header, address } = ready;
    const { queryTokens, keyTokens } = axisTokens(ready);
    const places = this.#placesOf(ready);
    return {
      rows: pattern.rows,
      columns: pattern.columns,
      text: address.prompt,
      queries: queryTokens === header.tokens ? places : undefined,
      keys: keyTokens === header.tokens ? places : undefined,
    };
  }

  #cell(kind: Follows, cell: Cell | undefined, pane: Linked): Cell | undefined {
    const plot = this.plot(pane);
    return plot === undefined ? cell : linkedCell(plot, cell, this.#from(kind));
  }

  #from(kind: Follows): LinkedPlot | undefined {
    const origin = this.#origins[kind] ?? this.#usual();
    return origin === undefined ? undefined : this.plot(origin);
  }

  #placesOf({ address, header, beside }: ReadyPattern): TokenPlaces | undefined {
    // The model that read a typed text in the page knows where its tokens lie.
    const typed = isTyped(address.prompt) ? beside?.places?.offsets : undefined;
    const places = typed ?? this.#places.get(address.prompt)?.[address.model];
    return places?.length === header.tokens.length ? places : undefined;
  }

  async #fetch(prompt: string): Promise<void> {
    try {
      const file = await loadFile(withBase(this.#base(), assets.tokenPlaces(prompt)), false);
      const cuts = tokenPlacesSchema.parse(JSON.parse(new TextDecoder().decode(file)));
      this.#places.set(
        prompt,
        Object.fromEntries(
          cuts.flatMap(({ models, offsets }) => models.map((model) => [model, offsets] as const)),
        ),
      );
    } catch {
      // What panes then say of themselves is that they go by position.
      return;
    }
  }
}
