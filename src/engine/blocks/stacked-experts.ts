import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';

interface StackedExperts {
  readonly width: number;
  readonly inner: number;
  readonly experts: number;
  readonly activation: Activation;
  /** Tensors `[experts, 2 * inner, width]`, gates first, and `[experts, width, inner]`. */
  readonly names: readonly [gateAndUp: string, down: string];
}

/** Gated experts whose matrices lie in two tensors, one behind the other. */
export function stackedExperts(
  scope: Scope,
  { width, inner, experts, activation, names }: StackedExperts,
): (index: number, x: Value) => Value {
  const { graph } = scope;
  return (index, x) => {
    const first = scope.part(names[0], [experts, 2 * inner, width], index);
    const [gate, up] = graph.split(graph.op('Gemm', [x, first], { transB: { int: 1 } }), [inner, inner]);
    const hidden = graph.multiply(activation(graph, gate), up);
    const second = scope.part(names[1], [experts, width, inner], index);
    return graph.op('Gemm', [hidden, second], { transB: { int: 1 } });
  };
}
