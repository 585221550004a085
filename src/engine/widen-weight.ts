import { atlasError } from '../schema/errors/index.ts';
import type { GraphBuilder, Value } from './graph/graph-builder.ts';
import { partOf, type NamedTensor, type Scale } from './tensors.ts';

/**
 * A weight as float32, float8 ones times what they were divided by.
 *
 * @param index of the first axis, for one expert of several
 * @throws AtlasError `tensor-shape-wrong` of factors that do not fit
 */
export function widenWeight(
  graph: GraphBuilder,
  tensor: NamedTensor,
  scale: Scale | undefined,
  index?: number,
): Value {
  const pick = (whole: NamedTensor) => (index === undefined ? whole : partOf(whole, index));
  const part = pick(tensor);
  const wide = graph.weight(part);
  if (scale === undefined) return wide;
  const isShared = scale.factors.shape.length < tensor.shape.length - 1; // one factor for all experts, too
  const factors = isShared ? scale.factors : pick(scale.factors);
  return graph.multiply(wide, spread(graph, part, factors, scale.block));
}

/** Factors as large as a matrix, or so that they broadcast to it. */
function spread(
  graph: GraphBuilder,
  { shape: [rows = 1, columns = 1] }: NamedTensor,
  factors: NamedTensor,
  [high, wide]: Scale['block'],
): Value {
  const value = graph.weight(factors);
  const [first = 1, second = 1, ...more] = factors.shape;
  if (first * second === 1 && more.length === 0) return graph.reshape(value, [1, 1]);
  if (first === rows && second === 1) return graph.reshape(value, [rows, 1]);
  const [blocks, across] = [Math.ceil(rows / high), Math.ceil(columns / wide)];
  if (factors.shape.length !== 2 || first !== blocks || second !== across) {
    const place = { file: factors.file, tensor: factors.name };
    throw atlasError('tensor-shape-wrong', { expected: [blocks, across], actual: factors.shape }, place);
  }
  const apart = graph.reshape(value, [blocks, 1, across, 1]);
  const repeated = graph.op('Expand', [apart, graph.integers([blocks, high, across, wide])]);
  const covering = graph.reshape(repeated, [blocks * high, across * wide]);
  return graph.slice(graph.slice(covering, 0, 0, rows), 1, 0, columns);
}
