import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';

/** What the mask of a sequence adds where a query does not see a key lies far below any score. */
const UNSEEN = -1e38;

/** Makes W_O by head, `[heads, valueSize, width]`. */
export type OutputMatrix = () => Value;

interface OutputSizes {
  readonly heads: number;
  readonly size: number;
  readonly width: number;
  /** True for GPT-2's Conv1D, which stores its weight as `[inputs, outputs]`. */
  readonly transposed?: boolean;
}

/** W_O of the matrix `NAME.weight`, through which the heads write to the stream. */
export function outputMatrix(
  scope: Scope,
  name: string,
  { heads, size, width, transposed = false }: OutputSizes,
): OutputMatrix {
  return () => {
    const { graph } = scope;
    const inputs = heads * size;
    const weight = scope.at(name).weight('weight', transposed ? [inputs, width] : [width, inputs]);
    if (transposed) return graph.reshape(weight, [heads, size, width]);
    return graph.transpose(graph.reshape(weight, [width, heads, size]), [1, 2, 0]);
  };
}

interface HeadValues {
  /** Before the softmax, `[batch, heads, queries, keys]`. */
  readonly scores: Value;
  /** `[batch, shared, keys, size]` */
  readonly value: Value;
  /** What each head reads, `[batch, heads, queries, size]`. */
  readonly read: Value;
  readonly heads: number;
  readonly shared: number;
  readonly size: number;
  /** Undefined where more than a matrix stands between the heads and the stream. */
  readonly output: OutputMatrix | undefined;
}

/** Gives out what extras.ts describes of a layer's heads, as far as the graph is asked for it. */
export function giveHeadExtras(scope: LayerScope, values: HeadValues): void {
  const { graph } = scope;
  const { scores, read, output } = values;
  scope.extra('scores', () => {
    const isUnseen = graph.op('Less', [scores, graph.floats([UNSEEN])]);
    return graph.op('Where', [isUnseen, graph.floats([-Infinity]), scores]);
  });
  scope.extra('head-means', () =>
    graph.op('ReduceMean', [read, graph.integers([2])], { keepdims: { int: 0 } }),
  );
  const written = output && (() => writtenByKey(scope, values, output()));
  scope.extra('value-norms', written && (() => lengths(graph, written())));
  scope.extra('logit-effects', written);
}

/** Each key's value as each head writes it to the stream, `[batch, heads, keys, width]`. */
function writtenByKey({ graph }: Scope, { value, heads, shared, size }: HeadValues, output: Value): Value {
  const apart = graph.op('Unsqueeze', [value, graph.integers([2])]); // [batch, shared, 1, keys, size]
  const byKeyHead = graph.reshape(output, [shared, heads / shared, size, -1]);
  const written = graph.matmul(apart, byKeyHead); // [batch, shared, heads / shared, keys, width]
  const sides = graph.slice(graph.op('Shape', [written]), 0, 3, 5);
  return graph.reshape(written, graph.concat([graph.integers([0, heads]), sides], 0));
}

function lengths(graph: GraphBuilder, vectors: Value): Value {
  return graph.op('ReduceL2', [vectors, graph.integers([-1])], { keepdims: { int: 0 } });
}
