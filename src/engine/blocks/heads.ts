import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { linear } from './linear.ts';

/** `[tokens, heads * size]` as `[batch, heads, n, size]`. */
export function splitHeads({ graph, sequence }: Scope, x: Value, heads: number, size: number): Value {
  return graph.transpose(graph.reshape(x, sequence.shape(heads, size)), [0, 2, 1, 3]);
}

/** `[batch, heads, n, size]` as `[tokens, heads * size]`. */
export function joinHeads(graph: GraphBuilder, x: Value, heads: number, size: number): Value {
  return graph.reshape(graph.transpose(x, [0, 2, 1, 3]), [-1, heads * size]);
}

interface HeadSizes {
  readonly inputs: number;
  readonly heads: number;
  readonly size: number;
  readonly bias?: boolean;
}

/** Queries, keys or values with a matrix of their own: `[batch, heads, n, size]`. */
export function projectHeads(scope: Scope, name: string, x: Value, sizes: HeadSizes): Value {
  const { inputs, heads, size, bias = false } = sizes;
  return splitHeads(scope, linear(scope, name, x, { inputs, outputs: heads * size, bias }), heads, size);
}
