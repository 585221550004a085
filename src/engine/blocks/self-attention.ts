import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import { attend, type AttentionInputs } from './attention.ts';
import { outputMatrix } from './head-extras.ts';
import { splitHeads } from './heads.ts';
import { linear } from './linear.ts';
import { rmsNorm, type Norm } from './normalization.ts';
import { rotate, type RotaryTables } from './rotary.ts';

/** Self-attention with one matrix each for queries, keys, values and the output, or one for the first three. */
export interface SelfAttention extends Pick<AttentionInputs, 'scale' | 'cap' | 'bias'> {
  readonly width: number;
  readonly heads: number;
  readonly shared: number;
  /** Coordinates of a head. */
  readonly size: number;
  readonly queryBias?: boolean;
  /** Of keys; as queries if left out. */
  readonly keyBias?: boolean;
  /** Of values; as queries if left out. */
  readonly valueBias?: boolean;
  readonly outputBias?: boolean;
  readonly names?: readonly [query: string, key: string, value: string, output: string];
  /** The matrix that holds queries, keys and values one after another, with the bias of queries. */
  readonly fused?: string;
  /** Whether each query head has a gate behind it in its matrix: sigmoid(gate) times what the head reads. */
  readonly queryGate?: boolean;
  /** Of a layer without positions, undefined. */
  readonly turns?: RotaryTables | undefined;
  /** Normalises all heads together, `[tokens, heads * size]`. */
  readonly flatNorms?: readonly [query: FlatNorm, key: FlatNorm] | undefined;
  /** Bounds queries, keys and values to -clip..clip. */
  readonly clip?: number | undefined;
  /** Normalises each head, `[batch, heads, n, size]`, before it is turned. */
  readonly headNorm?: HeadNorm | undefined;
  /** What queries are multiplied by, by position: broadcast to `[batch, heads, n, size]`. */
  readonly queryScales?: Value | undefined;
  /** Whether each head has a sink, `sinks`. */
  readonly hasSinks?: boolean;
  /** Done to what the heads read, `[tokens, heads * size]`, before the output matrix; `x` is the layer's input. */
  readonly beforeOutput?: (scope: Scope, read: Value, x: Value) => Value;
}

interface FlatNorm {
  readonly norm: Norm;
  readonly name: string;
}

interface HeadNorm {
  readonly norm: Norm;
  readonly names: readonly [query: string, key: string];
  /** True where heads are turned first. */
  readonly afterTurn?: boolean;
}

/** Root-mean-square norms over all query heads and over all key heads (OLMo 2). */
export function flatNorms(
  sizes: Pick<SelfAttention, 'heads' | 'shared' | 'size'>,
  epsilon: number,
): readonly [FlatNorm, FlatNorm] {
  return [
    { norm: rmsNorm({ size: sizes.heads * sizes.size, epsilon }), name: 'q_norm' },
    { norm: rmsNorm({ size: sizes.shared * sizes.size, epsilon }), name: 'k_norm' },
  ];
}

const NAMES = ['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const;

/** Self-attention of `x`, `[tokens, width]`, with the tensors of the scope: `[tokens, width]`. */
export function selfAttention(scope: LayerScope, x: Value, options: SelfAttention): Value {
  const { width, heads, shared, size, flatNorms: norms, clip, names = NAMES, outputBias = false } = options;
  const { graph } = scope;
  const [joint, keys, values] = project(scope, x, options);
  const [queries, gate] = options.queryGate === true ? splitGate(graph, joint, options) : [joint];
  const split = (flatHeads: Value, count: number, flat?: FlatNorm): Value => {
    const normed = flat === undefined ? flatHeads : flat.norm(scope, flat.name, flatHeads);
    return splitHeads(scope, clipped(graph, normed, clip), count, size);
  };
  const placed = place(scope, split(queries, heads, norms?.[0]), options, 0);
  const query = options.queryScales === undefined ? placed : graph.multiply(placed, options.queryScales);
  const key = place(scope, split(keys, shared, norms?.[1]), options, 1);
  const value = split(values, shared);
  const { scale, cap, bias, hasSinks = false, beforeOutput } = options;
  const sinks = hasSinks ? scope.weight('sinks', [heads]) : undefined;
  const isBare = gate === undefined && beforeOutput === undefined;
  const output = isBare ? outputMatrix(scope, names[3], { heads, size, width }) : undefined;
  const scores = { scale, cap, bias, sinks };
  const read = attend(scope, { query, key, value, heads, shared, valueSize: size, ...scores, output });
  const opened = gate === undefined ? read : graph.multiply(read, graph.sigmoid(gate));
  const gated = beforeOutput === undefined ? opened : beforeOutput(scope, opened, x);
  return linear(scope, names[3], gated, { inputs: heads * size, outputs: width, bias: outputBias });
}

/** Queries, keys and values of all heads, `[tokens, heads * size]`. */
function project(scope: LayerScope, x: Value, options: SelfAttention): readonly [Value, Value, Value] {
  const { width, heads, shared, size, queryBias = false, names = NAMES, fused } = options;
  const { keyBias = queryBias, valueBias = queryBias } = options;
  const sizes = [heads * size, shared * size, shared * size] as const;
  const apply = (name: string, outputs: number, bias: boolean) =>
    linear(scope, name, x, { inputs: width, outputs, bias });
  if (fused !== undefined) {
    return scope.graph.split(apply(fused, sizes[0] + sizes[1] + sizes[2], queryBias), sizes);
  }
  return [
    apply(names[0], sizes[0] * (options.queryGate === true ? 2 : 1), queryBias),
    apply(names[1], sizes[1], keyBias),
    apply(names[2], sizes[2], valueBias),
  ];
}

/** Queries and their gates, each `[tokens, heads * size]`. */
function splitGate(
  graph: GraphBuilder,
  joint: Value,
  { heads, size }: Pick<SelfAttention, 'heads' | 'size'>,
): readonly [Value, Value] {
  const [queries, gates] = graph.split(graph.reshape(joint, [-1, heads, 2 * size]), [size, size]);
  return [graph.reshape(queries, [-1, heads * size]), graph.reshape(gates, [-1, heads * size])];
}

/** Normalises and turns queries or keys, `[batch, heads, n, size]`. */
function place(scope: LayerScope, x: Value, { turns, size, headNorm }: SelfAttention, index: 0 | 1): Value {
  const turn = (y: Value) => (turns === undefined ? y : rotate(scope.graph, y, size, turns));
  if (headNorm === undefined) return turn(x);
  const norm = (y: Value) => headNorm.norm(scope, headNorm.names[index], y);
  return headNorm.afterTurn === true ? norm(turn(x)) : turn(norm(x));
}

function clipped(graph: GraphBuilder, x: Value, clip: number | undefined): Value {
  return clip === undefined ? x : graph.op('Clip', [x, graph.floats([-clip]), graph.floats([clip])]);
}

/** A gate on what each coordinate of a head reads: sigmoid(NAME(x)), for `beforeOutput`. */
export function sigmoidGate(
  name: string,
  { width, heads, size }: Pick<SelfAttention, 'width' | 'heads' | 'size'>,
): (scope: Scope, read: Value, x: Value) => Value {
  return (scope, read, x) => {
    const { graph } = scope;
    const gate = linear(scope, name, x, { inputs: width, outputs: heads * size });
    return graph.multiply(read, graph.sigmoid(gate));
  };
}
