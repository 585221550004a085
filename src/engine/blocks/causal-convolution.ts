import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

interface CausalConvolution {
  readonly channels: number;
  /** Tokens that it sees: the token itself and those before it. */
  readonly kernel: number;
  readonly bias?: boolean;
}

/** A convolution over the tokens, each channel by itself, of `[tokens, channels]`, with `NAME.weight` and `NAME.bias`. */
export function causalConvolution(scope: Scope, name: string, x: Value, sizes: CausalConvolution): Value {
  const { channels, bias = false } = sizes;
  const part = scope.at(name);
  return convolveTokens(scope, x, sizes, [
    part.weight('weight', [channels, 1, sizes.kernel]),
    ...(bias ? [part.weight('bias', [channels])] : []),
  ]);
}

/** The same with given weights: `[channels, 1, kernel]`, and `[channels]` where there is a bias. */
export function convolveTokens(
  { graph, sequence }: Scope,
  x: Value,
  { channels, kernel }: CausalConvolution,
  weights: readonly Value[],
): Value {
  const apart = graph.reshape(x, sequence.shape(channels)); // [batch, n, channels]
  const convolved = graph.op('Conv', [graph.transpose(apart, [0, 2, 1]), ...weights], {
    group: { int: channels },
    pads: { ints: [kernel - 1, 0] },
  });
  return graph.reshape(graph.transpose(convolved, [0, 2, 1]), [-1, channels]);
}
