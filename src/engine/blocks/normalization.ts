import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/** A normalisation of the last axis of `x` with the tensors below `name`. */
export type Norm = (scope: Scope, name: string, x: Value) => Value;

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
  return (scope, name, x) => {
    const { graph } = scope;
    const stored = weight
      ? scope.weight(`${name}.weight`, [size])
      : graph.floats(new Float32Array(size).fill(1), [size]);
    const factor = offset === 0 ? stored : graph.shift(stored, offset);
    const operands = bias && weight ? [x, factor, scope.weight(`${name}.bias`, [size])] : [x, factor];
    return graph.op('LayerNormalization', operands, { axis: { int: -1 }, epsilon: { float: epsilon } });
  };
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
  return (scope, name, x) => {
    const { graph } = scope;
    const mean = graph.mean(graph.multiply(x, x));
    const normed = graph.divide(x, graph.op('Sqrt', [graph.shift(mean, epsilon)]));
    if (!weight) return normed;
    const stored = scope.weight(`${name}.weight`, [size]);
    return graph.multiply(normed, offset === 0 ? stored : graph.shift(stored, offset));
  };
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
