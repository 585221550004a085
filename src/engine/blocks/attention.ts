import type { GraphContext } from '../architectures/architecture.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';

/** `[batch, n, heads * size]` as `[batch, heads, n, size]`. */
export function splitHeads(graph: GraphBuilder, x: Value, heads: number, size: number): Value {
  const apart = graph.op('Reshape', [x, graph.integers([0, 0, heads, size])]); // [batch, n, heads, size]
  return graph.op('Transpose', [apart], { perm: { ints: [0, 2, 1, 3] } });
}

/** `[batch, heads, n, size]` as `[batch, n, heads * size]`. */
function joinHeads(graph: GraphBuilder, x: Value, heads: number, size: number): Value {
  const together = graph.op('Transpose', [x], { perm: { ints: [0, 2, 1, 3] } });
  return graph.op('Reshape', [together, graph.integers([0, 0, heads * size])]);
}

/** Key or value heads, `[batch, shared, n, size]`, each repeated for the query heads that share it. */
export function repeatHeads(graph: GraphBuilder, x: Value, shared: number, heads: number): Value {
  if (shared === heads) return x;
  const index = Array.from({ length: heads }, (_, head) => Math.floor((head * shared) / heads));
  return graph.op('Gather', [x, graph.integers(index)], { axis: { int: 1 } });
}

/**
 * The pattern of a layer, softmax(scale q kᵀ + mask) (Vaswani et al. 2017), given to the context.
 *
 * @param query `[batch, heads, n, size]`, like `key`
 * @returns the pattern, `[batch, heads, n, n]`
 */
export function attend(
  { graph, causalMask, pattern }: GraphContext,
  layer: number,
  { query, key, scale }: { readonly query: Value; readonly key: Value; readonly scale: number },
): Value {
  const keyColumns = graph.op('Transpose', [key], { perm: { ints: [0, 1, 3, 2] } }); // [batch, heads, size, n]
  const scores = graph.op('Mul', [graph.op('MatMul', [query, keyColumns]), graph.floats([scale])]);
  const weights = graph.op('Softmax', [graph.op('Add', [scores, causalMask])], { axis: { int: -1 } });
  pattern(layer, weights);
  return weights;
}

/** What the heads of a layer read: pattern times values, heads side by side, `[batch, n, heads * size]`. */
export function readValues(graph: GraphBuilder, weights: Value, value: Value, heads: number, size: number): Value {
  return joinHeads(graph, graph.op('MatMul', [weights, value]), heads, size);
}
