import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { causalConvolution } from './causal-convolution.ts';
import { linear } from './linear.ts';
import type { Norm } from './normalization.ts';
import { zeroState } from './recurrence.ts';

/** A Mamba mixer: each channel has a state of its own, and time steps that the text sets (Gu and Dao 2023). */
interface Mamba1 {
  readonly width: number;
  /** Channels. */
  readonly inner: number;
  /** Numbers of a channel's state. */
  readonly state: number;
  readonly kernel: number;
  /** Numbers that the time steps are made of. */
  readonly rank: number;
  readonly convolutionBias: boolean;
  readonly projectionBias: boolean;
  readonly activation: Activation;
  /** Norms of what makes the time steps, and of what the state is added to and read by (Jamba). */
  readonly norms: { readonly step: Norm; readonly key: Norm; readonly query: Norm };
}

/** The mixer on `x`, `[tokens, width]`, with the tensors of the scope. */
export function mamba1(scope: Scope, x: Value, options: Mamba1): Value {
  const { width, inner, state, kernel, rank, activation, norms } = options;
  const { graph, sequence } = scope;
  const bias = options.projectionBias;
  const [source, gate] = graph.split(
    linear(scope, 'in_proj', x, { inputs: width, outputs: 2 * inner, bias }),
    [inner, inner],
  );
  const convolution = { channels: inner, kernel, bias: options.convolutionBias };
  const values = activation(graph, causalConvolution(scope, 'conv1d', source, convolution)); // [tokens, inner]
  const joint = linear(scope, 'x_proj', values, { inputs: inner, outputs: rank + 2 * state });
  const [low, keys, queries] = graph.split(joint, [rank, state, state]);
  const raised = linear(scope, 'dt_proj', norms.step(scope, 'dt_layernorm', low), {
    inputs: rank,
    outputs: inner,
    bias: true,
  });
  const steps = graph.op('Softplus', [raised]); // [tokens, inner]
  const rate = graph.op('Neg', [graph.op('Exp', [scope.weight('A_log', [inner, state])])]);

  const apart = (value: Value, size: number) => graph.reshape(value, sequence.shape(size, 1)); // [batch, n, size, 1]
  const inputs = [
    apart(steps, inner),
    apart(graph.multiply(steps, values), inner),
    graph.reshape(norms.key(scope, 'b_layernorm', keys), sequence.shape(1, state)),
    apart(norms.query(scope, 'c_layernorm', queries), state),
  ] as const;
  const [outputs] = graph.scan(
    [zeroState(scope, inner, state)],
    inputs,
    ([held], [step, value, key, query]) => {
      const left = graph.multiply(graph.op('Exp', [graph.multiply(step, rate)]), held); // [batch, inner, state]
      const next = graph.add(left, graph.multiply(value, key));
      return { states: [next], outputs: [graph.matmul(next, query)] }; // [batch, inner, 1]
    },
  );
  const skipped = graph.multiply(values, scope.weight('D', [inner]));
  const read = graph.add(graph.reshape(outputs, [-1, inner]), skipped);
  const gated = graph.multiply(read, graph.multiply(gate, graph.sigmoid(gate)));
  return linear(scope, 'out_proj', gated, { inputs: inner, outputs: width, bias });
}
