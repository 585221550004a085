import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Activation } from './activation.ts';

interface PositionConvolution {
  readonly width: number;
  readonly kernel: number;
  readonly groups: number;
  readonly activation: Activation;
  /** Normalises what it reads by the statistics of the training instead of its own weight (HuBERT). */
  readonly batchNorm: boolean;
}

/** What PyTorch adds to a variance by default. */
const EPSILON = 1e-5;

/**
 * Positions out of a token's surroundings (Baevski et al. 2020): a convolution over the tokens in groups of channels,
 * as long as the text, added to the stream `[tokens, width]`.
 */
export function addPositionConvolution(
  scope: Scope,
  stream: Value,
  { width, kernel, groups, activation, batchNorm }: PositionConvolution,
): Value {
  const { graph, sequence } = scope;
  const apart = graph.reshape(stream, sequence.shape(width)); // [batch, n, width]
  const channels = graph.transpose(apart, [0, 2, 1]); // [batch, width, n]
  const shape = [width, width / groups, kernel];
  const [input, weight] = batchNorm
    ? [normalizeBatch(scope.at('batch_norm'), channels, width), scope.weight('conv.weight', shape)]
    : [channels, weightNorm(scope.at('conv'), shape)];
  // Half a kernel before, the rest after: of an even kernel the reference drops the last place.
  const before = Math.floor(kernel / 2);
  const positions = graph.op('Conv', [input, weight, scope.weight('conv.bias', [width])], {
    group: { int: groups },
    pads: { ints: [before, kernel - 1 - before] },
  });
  const rows = graph.transpose(activation(graph, positions), [0, 2, 1]);
  return graph.reshape(graph.add(apart, rows), [-1, width]);
}

/**
 * A weight as length and direction (Salimans and Kingma 2016), one length a place of the kernel: g v / |v|. PyTorch
 * called them weight_g and weight_v before it had parametrisations.
 */
function weightNorm(scope: Scope, shape: readonly number[]): Value {
  const { graph } = scope;
  const isOld = scope.has('weight_g');
  const [lengthName, directionName] = isOld
    ? ['weight_g', 'weight_v']
    : ['parametrizations.weight.original0', 'parametrizations.weight.original1'];
  const length = scope.weight(lengthName, [1, 1, shape.at(-1) ?? 0]);
  const direction = scope.weight(directionName, shape);
  const squares = graph.op('ReduceSum', [graph.multiply(direction, direction), graph.integers([0, 1])]);
  return graph.multiply(direction, graph.divide(length, graph.op('Sqrt', [squares])));
}

function normalizeBatch(scope: Scope, x: Value, width: number): Value {
  const statistics = ['weight', 'bias', 'running_mean', 'running_var'] as const;
  return scope.graph.op('BatchNormalization', [x, ...statistics.map((name) => scope.weight(name, [width]))], {
    epsilon: { float: EPSILON },
  });
}
