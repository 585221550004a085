import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { convolveTokens } from './causal-convolution.ts';
import { deltaRule } from './delta-rule.ts';
import { siluGate } from './gated-norm.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './normalization.ts';

/** A gated delta net (Yang et al. 2024): linear attention whose state is corrected by each key. */
export interface GatedDeltaNet {
  readonly width: number;
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keySize: number;
  readonly valueSize: number;
  /** Tokens that the convolution sees. */
  readonly kernel: number;
  /** Of the convolution's output. */
  readonly activation: Activation;
  /** Of the norm of what heads read. */
  readonly epsilon: number;
  /** The greatest rate at which what the state says is replaced; 1 if left out. */
  readonly greatestRate?: number;
  readonly names: { readonly norm: string; readonly output: string };
}

/** What a family's matrices make of the stream. */
interface DeltaNetInputs {
  /** Queries, keys and values of all heads, `[tokens, keys + keys + values]`. */
  readonly joint: Value;
  /** `[tokens, values]` */
  readonly gate: Value;
  /** `[tokens, valueHeads]`, and so is the decay. */
  readonly rate: Value;
  readonly decay: Value;
  /** The convolution's weight, `[keys + keys + values, 1, kernel]`. */
  readonly convolution: Value;
}

/** `[tokens, width]`, with the tensors of the scope. */
export function gatedDeltaNet(scope: Scope, inputs: DeltaNetInputs, options: GatedDeltaNet): Value {
  const { width, keyHeads, valueHeads, keySize, valueSize, kernel, greatestRate = 1, names } = options;
  const { graph } = scope;
  const [keyWidth, valueWidth] = [keyHeads * keySize, valueHeads * valueSize];
  const channels = 2 * keyWidth + valueWidth;
  const convolved = convolveTokens(scope, inputs.joint, { channels, kernel }, [inputs.convolution]);
  const mixed = options.activation(graph, convolved);
  const [queries, keys, values] = graph.split(mixed, [keyWidth, keyWidth, valueWidth]);
  const steps = graph.op('Softplus', [graph.add(inputs.decay, scope.weight('dt_bias', [valueHeads]))]);
  const speed = graph.op('Neg', [graph.op('Exp', [scope.weight('A_log', [valueHeads])])]);
  const read = deltaRule(
    scope,
    {
      queries,
      keys,
      values,
      logs: graph.multiply(steps, speed),
      rates: graph.scale(graph.sigmoid(inputs.rate), greatestRate),
    },
    { groups: keyHeads, members: valueHeads / keyHeads, keySize, valueSize },
  );
  const norm = rmsNorm({ size: valueSize, epsilon: options.epsilon });
  const normed = graph.reshape(norm(scope, names.norm, graph.reshape(read, [-1, valueHeads, valueSize])), [
    -1,
    valueWidth,
  ]);
  const gated = siluGate(scope, normed, inputs.gate);
  return linear(scope, names.output, gated, { inputs: valueWidth, outputs: width });
}

/** The weight of its convolution where that is one tensor. */
export function causalWeight(scope: Scope, name: string, net: GatedDeltaNet): Value {
  const { keyHeads, keySize, valueHeads, valueSize, kernel } = net;
  return scope.weight(`${name}.weight`, [2 * keyHeads * keySize + valueHeads * valueSize, 1, kernel]);
}
