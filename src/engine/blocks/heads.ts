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

interface FusedSizes {
  readonly width: number;
  readonly heads: number;
  readonly size: number;
  readonly bias: boolean;
}

/** One matrix in which each head has its query, key and value together: three times `[batch, heads, n, size]`. */
export function fusedByHead(
  scope: Scope,
  name: string,
  x: Value,
  { width, heads, size, bias }: FusedSizes,
): readonly [query: Value, key: Value, value: Value] {
  const joint = linear(scope, name, x, { inputs: width, outputs: 3 * heads * size, bias });
  return scope.graph.split(splitHeads(scope, joint, heads, 3 * size), [size, size, size]);
}
