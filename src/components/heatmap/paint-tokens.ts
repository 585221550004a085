import { visibleKeys, type Pattern } from '../../core/pattern.ts';
import { paint, type Palette } from '../../core/view/palette.ts';
import type { Cell } from '../../schema/view-state.ts';

/**
 * Paints the tokens of a text by how much one query attends to each. Done by hand because a text may have a thousand
 * tokens and the query follows the pointer: only what differs from last time is touched.
 */
export class TokenPainter {
  readonly #tokens: readonly HTMLElement[];
  /** What each token shows: a level of the palette, -1 for none, -2 where the query does not see it. */
  readonly #levels: Int16Array;
  #table: Uint8Array | undefined;
  #marked: Cell | undefined;

  /** @param tokens the elements of the tokens, in order */
  constructor(tokens: readonly HTMLElement[]) {
    this.#tokens = tokens;
    this.#levels = new Int16Array(tokens.length).fill(-1);
    for (const token of tokens) {
      token.removeAttribute('data-query');
      token.removeAttribute('data-key');
    }
  }

  paint(pattern: Pattern, palette: Palette, marked: Cell | undefined): void {
    const isOther = palette.table !== this.#table;
    this.#table = palette.table;
    const seen = marked === undefined ? 0 : visibleKeys(pattern, marked.query);
    const row = (marked?.query ?? 0) * pattern.columns;
    for (const [key, token] of this.#tokens.entries()) {
      const value = pattern.values[row + key] ?? 0;
      const level = marked === undefined ? -1 : key < seen ? palette.level(value) : -2;
      if (level === this.#levels[key] && !(isOther && level >= 0)) continue;
      this.#levels[key] = level;
      token.toggleAttribute('data-unseen', level === -2);
      const { ground, ink } = level < 0 ? { ground: '', ink: '' } : paint(palette, value);
      token.style.backgroundColor = ground;
      token.style.color = ink;
    }
    this.#mark(marked);
  }

  /** The element of token `index`. */
  at(index: number): HTMLElement | undefined {
    return this.#tokens[index];
  }

  #mark(marked: Cell | undefined): void {
    this.at(this.#marked?.query ?? -1)?.removeAttribute('data-query');
    this.at(this.#marked?.key ?? -1)?.removeAttribute('data-key');
    this.at(marked?.query ?? -1)?.setAttribute('data-query', '');
    this.at(marked?.key ?? -1)?.setAttribute('data-key', '');
    this.#marked = marked;
  }
}

/** Scrolls `box` so far that `token` lies in it, and nothing else of the page. */
export function scrollInto(box: HTMLElement, token: HTMLElement | undefined): void {
  if (token === undefined || box.scrollHeight <= box.clientHeight) return;
  const [outer, inner] = [box.getBoundingClientRect(), token.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + inner.height;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + inner.height;
}
