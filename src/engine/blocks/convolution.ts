import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

interface ConvolutionSizes {
  readonly inputs: number;
  readonly outputs: number;
  /** One number an axis. */
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly bias: boolean;
}

/** A convolution without padding of `[batch, inputs, ...axes]`, with the tensors `NAME.weight` and `NAME.bias`. */
export function convolution(
  scope: Scope,
  name: string,
  x: Value,
  { inputs, outputs, kernel, strides, bias }: ConvolutionSizes,
): Value {
  const part = scope.at(name);
  const weight = part.weight('weight', [outputs, inputs, ...kernel]);
  const operands = bias ? [x, weight, part.weight('bias', [outputs])] : [x, weight];
  return scope.graph.op('Conv', operands, { strides: { ints: strides } });
}
