import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

// What runs through a text is computed by stretches of it: within one as a matrix of its tokens, from one to the next as a
// state. So memory does not grow with the square of a text's length, nor the number of steps with the length. Values are
// [batch, groups, members, chunks, CHUNK, size]: heads stand in groups whose members share keys.

/** Tokens of a stretch. */
export const CHUNK = 64;
/** A number whose exponential is 0. */
const LOWEST = -3.4028234663852886e38;

/** The stretches of a text. */
export interface Chunks {
  /** `[tokens, groups * members * size]` by stretches, with zeros behind the last token. */
  split(x: Value, groups: number, members: number, size: number): Value;
  /** The way back. */
  join(x: Value, width: number): Value;
}

export function chunksOf({ graph, sequence }: Scope): Chunks {
  const size = graph.integers([CHUNK]);
  const count = graph.op('Div', [graph.op('Add', [sequence.length, graph.integers([CHUNK - 1])]), size]);
  const missing = graph.op('Sub', [graph.op('Mul', [count, size]), sequence.length]);
  const batch = graph.slice(sequence.shape(), 0, 0, 1); // [1]
  return {
    split(x, groups, members, width) {
      const tokens = graph.reshape(x, sequence.shape(groups * members * width));
      const pads = graph.concat([graph.integers([0]), missing], 0);
      const padded = graph.op('Pad', [tokens, pads, graph.floats([0]), graph.integers([1])]);
      const sides = graph.integers([CHUNK, groups, members, width]);
      const apart = graph.reshape(padded, graph.concat([batch, count, sides], 0));
      return graph.transpose(apart, [0, 3, 4, 1, 2, 5]);
    },
    join(x, width) {
      const inOrder = graph.transpose(x, [0, 3, 4, 1, 2, 5]); // [batch, chunks, CHUNK, groups, members, size]
      const tokens = graph.reshape(inOrder, graph.concat([batch, graph.integers([-1, width])], 0));
      const kept = graph.op('Slice', [tokens, graph.integers([0]), sequence.length, graph.integers([1])]);
      return graph.reshape(kept, [-1, width]);
    },
  };
}

/** How much is left of what a token brought. */
export interface Decay {
  /** At each later token of its stretch, `[..., chunks, CHUNK, CHUNK]`: 0 for those before it, 1 for itself. */
  readonly within: Value;
  /** At the end of its stretch, `[..., chunks, CHUNK, 1]`. */
  readonly toEnd: Value;
  /** Of what was there before the stretch, at each of its tokens: `[..., chunks, CHUNK, 1]`. */
  readonly fromStart: Value;
  /** Of what was there before the stretch, at its end, as a logarithm: `[..., chunks, 1, 1]`. */
  readonly whole: Value;
}

/** @param logs the logarithm of what each token leaves of what was there, `[..., chunks, CHUNK, 1]` */
export function decayOf(graph: GraphBuilder, logs: Value): Decay {
  const sums = graph.op('CumSum', [logs, graph.integers([4], [])]);
  const whole = graph.op('ReduceSum', [logs, graph.integers([4])], { keepdims: { int: 1 } });
  return {
    within: exponentialWhere(graph, isPast(graph), graph.subtract(sums, swapped(graph, sums))),
    toEnd: graph.op('Exp', [graph.subtract(whole, sums)]),
    fromStart: graph.op('Exp', [sums]),
    whole,
  };
}

/** The state before each stretch, `[..., chunks, rows, columns]`, of what each adds to it, where all decay alike. */
export function statesBefore(graph: GraphBuilder, added: Value, whole: Value): Value {
  const flat = graph.reshape(added, [0, 0, 0, 0, 1, -1]);
  const alongChunks = (x: Value) => graph.transpose(x, [0, 1, 2, 4, 3, 5]); // [..., 1, chunks, size]
  const logs = alongChunks(whole); // [..., 1, chunks, 1]
  const after = graph.op('CumSum', [logs, graph.integers([4], [])]);
  const before = graph.subtract(after, logs);
  const count = graph.slice(graph.op('Shape', [added]), 0, 3, 4);
  const end = graph.reshape(count, graph.integers([], [0]));
  const numbers = graph.op('Range', [graph.integers([0], []), end, graph.integers([1], [])]);
  const earlier = graph.op('Greater', [graph.reshape(numbers, [-1, 1]), numbers]); // [chunks, chunks]
  const left = exponentialWhere(graph, earlier, graph.subtract(before, swapped(graph, after)));
  const states = alongChunks(graph.matmul(left, alongChunks(flat)));
  return graph.reshape(states, graph.op('Shape', [added]));
}

/** `[..., a, b]` as `[..., b, a]`. */
export function swapped(graph: GraphBuilder, x: Value): Value {
  return graph.transpose(x, [0, 1, 2, 3, 5, 4]);
}

/** Numbers of a matrix, given each by its row and column: `[CHUNK, CHUNK]`. */
export function tokenMatrix(graph: GraphBuilder, at: (row: number, column: number) => number): Value {
  const cells = Float32Array.from({ length: CHUNK * CHUNK }, (_, cell) =>
    at(Math.floor(cell / CHUNK), cell % CHUNK),
  );
  return graph.floats(cells, [CHUNK, CHUNK]);
}

/** e^x where `isSeen`, elsewhere 0, and never more on the way. */
function exponentialWhere(graph: GraphBuilder, isSeen: Value, x: Value): Value {
  return graph.op('Exp', [graph.op('Where', [isSeen, x, graph.floats([LOWEST])])]);
}

/** Bool `[CHUNK, CHUNK]`. */
function isPast(graph: GraphBuilder): Value {
  return graph.op('Greater', [
    tokenMatrix(graph, (row, column) => (row >= column ? 1 : 0)),
    graph.floats([0]),
  ]);
}
