import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { linear } from './linear.ts';

interface FeedForwardSizes {
  readonly width: number;
  readonly inner: number;
  readonly activation: Activation;
  readonly bias?: boolean;
}

interface FeedForward extends FeedForwardSizes {
  readonly names: readonly [up: string, down: string];
  /** GPT-2's Conv1D. */
  readonly transposed?: boolean;
}

/** down(activation(up(x))) */
export function feedForward(scope: Scope, x: Value, options: FeedForward): Value {
  const { width, inner, activation, bias = false, transposed = false, names } = options;
  const hidden = linear(scope, names[0], x, { inputs: width, outputs: inner, bias, transposed });
  const activated = activation(scope.graph, hidden);
  return linear(scope, names[1], activated, { inputs: inner, outputs: width, bias, transposed });
}

interface GatedFeedForward extends FeedForwardSizes {
  readonly names?: readonly [gate: string, up: string, down: string];
}

/** down(activation(gate(x)) * up(x)) (Shazeer 2020). */
export function gatedFeedForward(scope: Scope, x: Value, options: GatedFeedForward): Value {
  const { width, inner, activation, bias = false, names = ['gate_proj', 'up_proj', 'down_proj'] } = options;
  const sizes = { inputs: width, outputs: inner, bias };
  const gate = activation(scope.graph, linear(scope, names[0], x, sizes));
  const hidden = scope.graph.multiply(gate, linear(scope, names[1], x, sizes));
  return linear(scope, names[2], hidden, { inputs: inner, outputs: width, bias });
}

interface FusedFeedForward extends FeedForwardSizes {
  readonly names?: readonly [gateAndUp: string, down: string];
}

/** A gated feed-forward with one matrix for the gate, and then the rest. */
export function fusedGatedFeedForward(scope: Scope, x: Value, options: FusedFeedForward): Value {
  const { width, inner, activation, bias = false, names = ['gate_up_proj', 'down_proj'] } = options;
  const { graph } = scope;
  const [gate, up] = graph.split(linear(scope, names[0], x, { inputs: width, outputs: 2 * inner, bias }), [
    inner,
    inner,
  ]);
  const hidden = graph.multiply(activation(graph, gate), up);
  return linear(scope, names[1], hidden, { inputs: inner, outputs: width, bias });
}
