import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/** A normalisation of the last axis of `x` with the tensors below `name`. */
export interface Norm {
  (scope: Scope, name: string, x: Value): Value;
  /** What it does to a part of `x` but for the scale, which all of `x` decides: a linear function. */
  readonly linear?: (scope: Scope, name: string, part: Value) => Value;
}

interface LayerNormOptions {
  readonly size: number;
  readonly epsilon: number;
  readonly bias?: boolean;
  /** False for a norm without parameters (OLMo). */
  readonly weight?: boolean;
  /** What is added to the weight as stored: 1 where checkpoints hold its distance from 1 (Nemotron). */
  readonly offset?: number;
}

/** Layer normalisation (Ba et al. 2016) with `NAME.weight` and `NAME.bias`. */
export function layerNorm({ size, epsilon, bias = true, weight = true, offset = 0 }: LayerNormOptions): Norm {
  const factorOf = (scope: Scope, name: string) => {
    const { graph } = scope;
    const stored = weight
      ? scope.weight(`${name}.weight`, [size])
      : graph.floats(new Float32Array(size).fill(1), [size]);
    return offset === 0 ? stored : graph.shift(stored, offset);
  };
  const norm = (scope: Scope, name: string, x: Value) => {
    const { graph } = scope;
    const factor = factorOf(scope, name);
    const operands = bias && weight ? [x, factor, scope.weight(`${name}.bias`, [size])] : [x, factor];
    return graph.op('LayerNormalization', operands, { axis: { int: -1 }, epsilon: { float: epsilon } });
  };
  const linear = (scope: Scope, name: string, part: Value) => {
    const { graph } = scope;
    return graph.multiply(graph.subtract(part, graph.mean(part)), factorOf(scope, name));
  };
  return Object.assign(norm, { linear });
}

interface RmsNormOptions {
  readonly size: number;
  readonly epsilon: number;
  /** What is added to the weight as stored: 1 for Gemma. */
  readonly offset?: number;
  readonly weight?: boolean;
}

/** Root-mean-square normalisation (Zhang and Sennrich 2019) with `NAME.weight`. */
export function rmsNorm({ size, epsilon, offset = 0, weight = true }: RmsNormOptions): Norm {
  const linear = (scope: Scope, name: string, part: Value) => {
    if (!weight) return part;
    const { graph } = scope;
    const stored = scope.weight(`${name}.weight`, [size]);
    return graph.multiply(part, offset === 0 ? stored : graph.shift(stored, offset));
  };
  const norm = (scope: Scope, name: string, x: Value) => {
    const { graph } = scope;
    const mean = graph.mean(graph.multiply(x, x));
    const normed = graph.divide(x, graph.op('Sqrt', [graph.shift(mean, epsilon)]));
    return linear(scope, name, normed);
  };
  return Object.assign(norm, { linear });
}

/**
 * Layer normalisation of each head, `[batch, heads, n, size]`, with weights of its own.
 *
 * @param weights gives them, `[heads, size]`
 */
export function layerNormByHead(
  size: number,
  epsilon: number,
  weights: (scope: Scope, name: string) => { readonly value: Value; readonly heads: number },
): Norm {
  const plain = layerNorm({ size, epsilon, weight: false });
  return (scope, name, x) => {
    const { value, heads } = weights(scope, name);
    return scope.graph.multiply(plain(scope, name, x), scope.graph.reshape(value, [heads, 1, size]));
  };
}
