import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { gatedFeedForward } from './feed-forward.ts';

interface StackedExperts {
  readonly width: number;
  readonly inner: number;
  readonly experts: number;
  readonly activation: Activation;
  /** Tensors `[experts, 2 * inner, width]`, gates first, and `[experts, width, inner]`. */
  readonly names: readonly [gateAndUp: string, down: string];
}

/** Gated experts whose matrices lie in two tensors, one behind the other, as PyTorch's Linear has them or turned. */
export function stackedExperts(
  scope: Scope,
  { width, inner, experts, activation, names }: StackedExperts,
): (index: number, x: Value) => Value {
  const { graph } = scope;
  const [, rows, columns] = scope.shapeOf(names[0]) ?? [];
  const isTurned = rows === width && columns === 2 * inner && rows !== columns;
  const turn = { transB: { int: isTurned ? 0 : 1 } };
  const shaped = (outputs: number, inputs: number) =>
    isTurned ? [experts, inputs, outputs] : [experts, outputs, inputs];
  return (index, x) => {
    const first = scope.part(names[0], shaped(2 * inner, width), index);
    const [gate, up] = graph.split(graph.op('Gemm', [x, first], turn), [inner, inner]);
    const hidden = graph.multiply(activation(graph, gate), up);
    const second = scope.part(names[1], shaped(width, inner), index);
    return graph.op('Gemm', [hidden, second], turn);
  };
}

/** Qwen's experts below `experts`, each by itself or all in two tensors. */
export function gatedExperts(
  scope: Scope,
  options: Omit<StackedExperts, 'names'>,
): (index: number, x: Value) => Value {
  if (scope.has('experts.gate_up_proj')) {
    return stackedExperts(scope.at('experts'), { ...options, names: ['gate_up_proj', 'down_proj'] });
  }
  const { width, inner, activation } = options;
  return (index, x) => gatedFeedForward(scope.at(`experts.${index}`), x, { width, inner, activation });
}
