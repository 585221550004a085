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
        const first = Math.max(0, Math.floor(-top / size) - MARGIN);
        const end = Math.min(total, Math.ceil((innerHeight - top) / size) + MARGIN);
        const { first: oldFirst, end: oldEnd } = this.#span;
        if (first !== oldFirst || end !== oldEnd)
          this.#span = { first: Math.min(first, total), end: Math.max(0, end) };
      };
      update();
      addEventListener('scroll', update, { passive: true });
      addEventListener('resize', update);
      return () => {
        removeEventListener('scroll', update);
        removeEventListener('resize', update);
      };
    });
  }
}
