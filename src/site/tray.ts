import { formatPane, MOST_PANES, parsePane, type PatternAddress } from '../schema/view-state.ts';

/** Sent to the window whenever the tray changes, in this tab or another. */
export const TRAY_CHANGED = 'atlas-tray';

/**
 * Patterns that a visitor has collected for a comparison, in the order of collecting, at most as many as a comparison
 * has panes. The browser keeps them from page to page, for each atlas of a host apart; where it refuses to, they last
 * as long as the page.
 */
export class Tray {
  readonly #key: string;
  #unstored: readonly string[] = [];

  /** @param base the site's base path */
  constructor(base: string) {
    this.#key = `atlas-tray ${base}`;
    addEventListener('storage', ({ key }) => {
      if (key === this.#key) this.#announce();
    });
  }

  get panes(): readonly PatternAddress[] {
    return this.#read().flatMap((text) => parsePane(text) ?? []);
  }

  get isFull(): boolean {
    return this.panes.length >= MOST_PANES;
  }

  has(pane: PatternAddress): boolean {
    return this.#read().includes(formatPane(pane));
  }

  /** Adds a pattern, or takes it out where it is in already. A full tray takes nothing more. */
  toggle(pane: PatternAddress): void {
    const text = formatPane(pane);
    const before = this.panes.map(formatPane);
    if (before.includes(text)) this.#write(before.filter((other) => other !== text));
    else if (before.length < MOST_PANES) this.#write([...before, text]);
  }

  clear(): void {
    this.#write([]);
  }

  #read(): readonly string[] {
    try {
      const text = localStorage.getItem(this.#key);
      return text === null ? this.#unstored : text.split(' ').filter((pane) => pane !== '');
    } catch {
      return this.#unstored;
    }
  }

  #write(panes: readonly string[]): void {
    this.#unstored = panes;
    try {
      localStorage.setItem(this.#key, panes.join(' '));
    } catch {
      // Storage is refused or full: the tray lasts for this page.
    }
    this.#announce();
  }

  #announce(): void {
    dispatchEvent(new Event(TRAY_CHANGED));
  }
}
