import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';
import { causalConvolution } from './causal-convolution.ts';
import { chunksOf, decayOf, statesBefore, swapped } from './chunks.ts';
import { linear } from './linear.ts';

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
  const read = scan(scope, { values, keys, queries, steps }, options);
  const gated = options.gate(scope, read, gate);
  return linear(scope, 'out_proj', gated, {
    inputs: inner,
    outputs: width,
    bias: options.outputBias ?? options.projectionBias,
  });
}

interface Scanned {
  /** `[tokens, heads * size]` */
  readonly values: Value;
  /** By what they are added to the state and read from it, `[tokens, groups * state]`. */
  readonly keys: Value;
  readonly queries: Value;
  /** `[tokens, heads]` */
  readonly steps: Value;
}

/** h = e^(A step) h + step v kᵀ, read as h q + D v, of every token: `[tokens, heads * size]`. */
function scan(
  scope: Scope,
  { values, keys, queries, steps }: Scanned,
  { heads, size, groups, state }: Mamba2,
): Value {
  const { graph } = scope;
  const chunks = chunksOf(scope);
  const members = heads / groups;
  const rate = graph.op('Neg', [graph.op('Exp', [scope.weight('A_log', [heads])])]);
  const decay = decayOf(graph, chunks.split(graph.multiply(steps, rate), groups, members, 1));
  const apart = graph.reshape(values, [-1, heads, size]);
  const stepped = graph.reshape(graph.multiply(apart, graph.reshape(steps, [-1, heads, 1])), [
    -1,
    heads * size,
  ]);
  const v = chunks.split(stepped, groups, members, size);
  const k = chunks.split(keys, groups, 1, state);
  const q = chunks.split(queries, groups, 1, state);
  const weights = graph.multiply(graph.matmul(q, swapped(graph, k)), decay.within); // [..., CHUNK, CHUNK]
  const near = graph.matmul(weights, v);
  const added = graph.matmul(swapped(graph, graph.multiply(v, decay.toEnd)), k); // [..., size, state]
  const states = statesBefore(graph, added, decay.whole);
  const far = graph.multiply(graph.matmul(q, swapped(graph, states)), decay.fromStart);
  const read = chunks.join(graph.add(near, far), heads * size);
  const skipped = graph.multiply(apart, graph.reshape(scope.weight('D', [heads]), [heads, 1]));
  return graph.add(read, graph.reshape(skipped, [-1, heads * size]));
}

function bounded(graph: GraphBuilder, x: Value, [least, most]: Mamba2['limit']): Value {
  return graph.op('Clip', [x, graph.floats([least]), Number.isFinite(most) ? graph.floats([most]) : '']);
}
