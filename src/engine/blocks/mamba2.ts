import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { causalConvolution } from './causal-convolution.ts';
import { linear } from './linear.ts';
import { stateSpace } from './state-space.ts';

/** A Mamba-2 mixer: a state that each token lets decay, adds to, and reads (Dao and Gu 2024). */
export interface Mamba2 {
  readonly width: number;
  readonly heads: number;
  /** Coordinates of a head. */
  readonly size: number;
  /** Groups of heads that share what is added and read by. */
  readonly groups: number;
  /** Rows of a head's state. */
  readonly state: number;
  /** Tokens that the convolution sees. */
  readonly kernel: number;
  readonly convolutionBias: boolean;
  /** Of the matrix before and, unless said otherwise, of the one after. */
  readonly projectionBias: boolean;
  readonly outputBias?: boolean;
  /** Of the convolution's output. */
  readonly activation: Activation;
  /** Bounds of a token's time step; the upper may be infinite. */
  readonly limit: readonly [least: number, most: number];
  /** What heads read, `[tokens, heads * size]`, and the gate, of the same shape, made one. */
  readonly gate: (scope: Scope, read: Value, gate: Value) => Value;
  /** What the parts of the first matrix's output are multiplied by (Falcon-H1). */
  readonly multipliers?: readonly [gate: number, x: number, b: number, c: number, step: number];
}

/** The mixer on `x`, `[tokens, width]`, with the tensors of the scope. */
export function mamba2(scope: Scope, x: Value, options: Mamba2): Value {
  const { width, heads, size, groups, state, kernel, multipliers = [1, 1, 1, 1, 1] } = options;
  const { graph } = scope;
  const inner = heads * size;
  const channels = inner + 2 * groups * state;
  const projection = { inputs: width, outputs: inner + channels + heads, bias: options.projectionBias };
  const parts = [inner, inner, groups * state, groups * state, heads] as const;
  const [gate, source, b, c, step] = graph
    .split(linear(scope, 'in_proj', x, projection), parts)
    .map((part, index) => graph.scale(part, multipliers[index] ?? 1)) as [Value, Value, Value, Value, Value];
  const convolution = { channels, kernel, bias: options.convolutionBias };
  const convolved = causalConvolution(scope, 'conv1d', graph.concat([source, b, c], -1), convolution);
  const mixed = options.activation(graph, convolved);
  const [values, keys, queries] = graph.split(mixed, [inner, groups * state, groups * state]);
  const steps = bounded(
    graph,
    graph.op('Softplus', [graph.add(step, scope.weight('dt_bias', [heads]))]),
    options.limit,
  );
  const speed = graph.op('Neg', [graph.op('Exp', [scope.weight('A_log', [heads])])]);
  const byHead = (y: Value, count: number) => graph.reshape(y, [-1, heads, count]);
  const stepped = graph.multiply(byHead(values, size), byHead(steps, 1)); // [tokens, heads, size]
  const logs = graph.multiply(steps, speed);
  const seen = stateSpace(
    scope,
    { values: graph.reshape(stepped, [-1, inner]), keys, queries, logs },
    options,
  );
  const skipped = graph.multiply(byHead(values, size), graph.reshape(scope.weight('D', [heads]), [heads, 1]));
  const read = graph.add(seen, graph.reshape(skipped, [-1, inner]));
  const gated = options.gate(scope, read, gate);
  return linear(scope, 'out_proj', gated, {
    inputs: inner,
    outputs: width,
    bias: options.outputBias ?? options.projectionBias,
  });
}

function bounded(graph: GraphBuilder, x: Value, [least, most]: Mamba2['limit']): Value {
  return graph.op('Clip', [x, graph.floats([least]), Number.isFinite(most) ? graph.floats([most]) : '']);
}
