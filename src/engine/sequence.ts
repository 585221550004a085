import type { GraphBuilder, Value } from './graph/graph-builder.ts';

/** Which keys a layer's queries see. */
export type Visibility =
  /** The query itself and all before it. */
  | { readonly kind: 'full' }
  /** The query itself and the `window - 1` before it. */
  | { readonly kind: 'sliding'; readonly window: number }
  /** The query itself and those before it in its own block of `chunk` positions. */
  | { readonly kind: 'chunked'; readonly chunk: number }
  /** Every key; with a reach, those less than `reach` positions away. */
  | { readonly kind: 'bidirectional'; readonly reach?: number };

/** A layer that does not attend, and what it does instead: words that follow "No pattern: ". */
export interface WithoutPattern {
  readonly kind: 'none';
  readonly reason: string;
}

/** A layer: what its queries see, or what it does instead of attending. */
export type LayerDescription = { readonly index: number; readonly hasPattern: boolean } & (
  Visibility | WithoutPattern
);

/** The lowest float32: beside any real score, a softmax turns it into exactly 0. */
const LOWEST = -3.4028234663852886e38;

/** The tokens of one stack, while a graph over them is built. */
export interface Sequence {
  /** Token ids, int64 `[batch, n]`; throws where tokens are made of pixels or samples. */
  readonly ids: Value;
  /** n, int64 `[1]`. */
  readonly length: Value;
  /** 0..n-1, int64 `[n]`. */
  readonly positions: Value;
  /** The shape `[batch, n, ...sides]`, int64. */
  shape(...sides: readonly number[]): Value;
  /** What is added to scores so that no query sees a padding token, float32 `[batch, 1, 1, n]`. */
  paddingMask(padding: number): Value;
  /** What is added to scores, float32 `[n, n]`: 0 where a query sees a key, the lowest number elsewhere; undefined where all is seen. */
  mask(visibility: Visibility): Value | undefined;
}

/**
 * @param size `[batch, n]`, int64 `[2]`
 * @param ids int64 `[batch, n]`, where there are any
 */
export function sequenceOf(graph: GraphBuilder, size: Value, ids?: Value): Sequence {
  const theIds = (): Value => {
    if (ids === undefined) throw new RangeError('These tokens have no ids');
    return ids;
  };
  const length = graph.slice(size, 0, 1, 2); // [1]
  const end = graph.reshape(length, graph.integers([], [0]));
  const positions = graph.op('Range', [graph.integers([0], []), end, graph.integers([1], [])]); // [n]
  const shapes = new Map<string, Value>();
  const masks = new Map<string, Value>();
  return {
    get ids() {
      return theIds();
    },
    length,
    positions,
    shape(...sides) {
      const key = sides.join();
      const known =
        shapes.get(key) ?? (sides.length === 0 ? size : graph.concat([size, graph.integers(sides)], 0));
      shapes.set(key, known);
      return known;
    },
    paddingMask(padding) {
      const isPadding = graph.op('Equal', [theIds(), graph.integers([padding])]);
      const mask = graph.op('Where', [isPadding, graph.floats([LOWEST]), graph.floats([0])]);
      return graph.op('Unsqueeze', [mask, graph.integers([1, 2])]);
    },
    mask(visibility) {
      if (visibility.kind === 'bidirectional' && visibility.reach === undefined) return undefined;
      const key = JSON.stringify(visibility);
      const known = masks.get(key) ?? additiveMask(graph, positions, visibility);
      masks.set(key, known);
      return known;
    },
  };
}

function additiveMask(graph: GraphBuilder, positions: Value, visibility: Visibility): Value {
  const queries = graph.reshape(positions, [-1, 1]); // [n, 1]
  const isSeen = visible(graph, queries, positions, visibility); // [n, n]
  return graph.op('Where', [isSeen, graph.floats([0]), graph.floats([LOWEST])]);
}

function visible(graph: GraphBuilder, queries: Value, keys: Value, visibility: Visibility): Value {
  const both = (a: Value, b: Value) => graph.op('And', [a, b]);
  const isPast = graph.op('GreaterOrEqual', [queries, keys]); // [n, n]
  const distance = () => graph.op('Sub', [queries, keys]);
  const block = (positions: Value, chunk: number) => graph.op('Div', [positions, graph.integers([chunk])]);
  switch (visibility.kind) {
    case 'full':
      return isPast;
    case 'sliding':
      return both(isPast, graph.op('Less', [distance(), graph.integers([visibility.window])]));
    case 'chunked':
      return both(
        isPast,
        graph.op('Equal', [block(queries, visibility.chunk), block(keys, visibility.chunk)]),
      );
    case 'bidirectional':
      return graph.op('Less', [graph.op('Abs', [distance()]), graph.integers([visibility.reach ?? 0])]);
  }
}
