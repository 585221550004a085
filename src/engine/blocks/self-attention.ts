import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { attend, type AttentionInputs } from './attention.ts';
import { splitHeads } from './heads.ts';
import { linear } from './linear.ts';
import type { Norm } from './normalization.ts';
import { rotate, type RotaryTables } from './rotary.ts';

/** Self-attention with one matrix each for queries, keys, values and the output. */
export interface SelfAttention extends Pick<AttentionInputs, 'scale' | 'cap' | 'bias' | 'sinks'> {
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
  /** Of a layer without positions, undefined. */
  readonly turns?: RotaryTables | undefined;
  /** Normalises all heads together, `[tokens, heads * size]`, with these tensors. */
  readonly flatNorms?: readonly [query: FlatNorm, key: FlatNorm] | undefined;
  /** Normalises each head, `[batch, heads, n, size]`, before it is turned. */
  readonly headNorm?:
    { readonly norm: Norm; readonly names: readonly [query: string, key: string] } | undefined;
  /** What is done to what the heads read, before the output matrix. */
  readonly beforeOutput?: (scope: Scope, read: Value, x: Value) => Value;
}

interface FlatNorm {
  readonly norm: Norm;
  readonly name: string;
}

const NAMES = ['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const;

/** Self-attention of `x`, `[tokens, width]`, with the tensors of the scope: `[tokens, width]`. */
export function selfAttention(scope: Scope, x: Value, options: SelfAttention): Value {
  const {
    width,
    heads,
    shared,
    size,
    queryBias = false,
    names = NAMES,
    turns,
    flatNorms,
    headNorm,
  } = options;
  const { keyBias = queryBias, valueBias = queryBias, outputBias = false, beforeOutput } = options;
  const { graph } = scope;
  const project = (name: string, count: number, bias: boolean, flat?: FlatNorm): Value => {
    const joint = linear(scope, name, x, { inputs: width, outputs: count * size, bias });
    return splitHeads(scope, flat === undefined ? joint : flat.norm(scope, flat.name, joint), count, size);
  };
  const place = (value: Value, index: 0 | 1): Value => {
    const normed = headNorm === undefined ? value : headNorm.norm(scope, headNorm.names[index], value);
    return turns === undefined ? normed : rotate(graph, normed, size, turns);
  };
  const query = place(project(names[0], heads, queryBias, flatNorms?.[0]), 0);
  const key = place(project(names[1], shared, keyBias, flatNorms?.[1]), 1);
  const value = project(names[2], shared, valueBias);
  const { scale, cap, bias, sinks } = options;
  const read = attend(scope, { query, key, value, heads, shared, valueSize: size, scale, cap, bias, sinks });
  const gated = beforeOutput === undefined ? read : beforeOutput(scope, read, x);
  return linear(scope, names[3], gated, { inputs: heads * size, outputs: width, bias: outputBias });
}
