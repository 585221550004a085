import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/** Zeros, `[batch, ...sides]`: a state before the first token. */
export function zeroState({ graph, sequence }: Scope, ...sides: readonly number[]): Value {
  const batch = graph.slice(sequence.shape(), 0, 0, 1); // [1]
  return graph.op('Expand', [graph.floats([0], [1]), graph.concat([batch, graph.integers(sides)], 0)]);
}

/** h = a h + x for each token, from h = 0: `a` and `x` and the result are `[tokens, width]`. */
export function recurrence(scope: Scope, a: Value, x: Value, width: number): Value {
  const { graph, sequence } = scope;
  const apart = (value: Value) => graph.reshape(value, sequence.shape(width)); // [batch, n, width]
  const [states] = graph.scan([zeroState(scope, width)], [apart(a), apart(x)], ([state], [left, added]) => {
    const next = graph.add(graph.multiply(left, state), added);
    return { states: [next], outputs: [next] };
  });
  return graph.reshape(states, [-1, width]);
}
