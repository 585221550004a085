/**
 * A stack of layers with patterns of one kind. `self` is the only stack of a decoder or an encoder; an
 * encoder-decoder has the other three, and only they show in URLs and captions.
 */
export const STACKS = ['self', 'encoder', 'decoder', 'cross'] as const;
export type Stack = (typeof STACKS)[number];

/** Which cells of a pattern can be other than 0: query rows, key columns. */
export type Layout =
  /** Queries see keys at their own position and before: the lower triangle of `[n, n]`. */
  | { readonly kind: 'causal'; readonly n: number }
  /** Every query sees every key: `[n, n]`. */
  | { readonly kind: 'square'; readonly n: number }
  /** Queries of one text, keys of another: `[rows, columns]`. */
  | { readonly kind: 'rectangle'; readonly rows: number; readonly columns: number };

export type LayoutKind = Layout['kind'];

/** Query rows and key columns of a layout. */
export function layoutSize(layout: Layout): { rows: number; columns: number } {
  return layout.kind === 'rectangle'
    ? { rows: layout.rows, columns: layout.columns }
    : { rows: layout.n, columns: layout.n };
}

/** The number of cells a layout stores. */
export function cellCount(layout: Layout): number {
  if (layout.kind === 'causal') return (layout.n * (layout.n + 1)) / 2;
  const { rows, columns } = layoutSize(layout);
  return rows * columns;
}
