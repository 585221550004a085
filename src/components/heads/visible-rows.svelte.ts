import { untrack } from 'svelte';

/** Rows above and below the window that are kept on the page, so that scrolling never meets an empty one. */
const MARGIN = 12;

/** Which rows of a long list the window shows. */
export class VisibleRows {
  #span = $state.raw({ first: 0, end: 0 });
  readonly #count: () => number;

  /** The rows `[first, end)`, inside the list whatever its length has become. */
  readonly span = $derived.by(() => {
    const count = this.#count();
    const end = Math.min(count, this.#span.end);
    return { first: Math.min(this.#span.first, end), end };
  });

  /**
   * @param element what holds the rows, once it is on the page
   * @param height of a row, in pixels
   */
  constructor(element: () => HTMLElement | undefined, count: () => number, height: number | (() => number)) {
    this.#count = count;
    const rowHeight = typeof height === 'number' ? () => height : height;
    $effect(() => {
      const list = element();
      const total = count();
      const size = rowHeight();
      if (list === undefined) return undefined;
      const update = () => {
        const top = list.getBoundingClientRect().top;
        const inList = (row: number) => Math.max(0, Math.min(total, row));
        const first = inList(Math.floor(-top / size) - MARGIN);
        const end = inList(Math.ceil((innerHeight - top) / size) + MARGIN);
        const { first: oldFirst, end: oldEnd } = this.#span;
        if (first !== oldFirst || end !== oldEnd) this.#span = { first, end };
      };
      untrack(update); // it reads what it writes
      addEventListener('scroll', update, { passive: true });
      addEventListener('resize', update);
      return () => {
        removeEventListener('scroll', update);
        removeEventListener('resize', update);
      };
    });
  }
}
