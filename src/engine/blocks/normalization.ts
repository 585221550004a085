import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { TensorFinder } from '../tensors.ts';

/** Layer normalisation over the last axis (Ba et al. 2016) with `NAME.weight` and `NAME.bias`. */
export function layerNorm(
  graph: GraphBuilder,
  tensors: TensorFinder,
  name: string,
  x: Value,
  { size, epsilon }: { readonly size: number; readonly epsilon: number },
): Value {
  const weight = graph.weight(tensors.get(`${name}.weight`, [size]));
  const bias = graph.weight(tensors.get(`${name}.bias`, [size]));
  return graph.op('LayerNormalization', [x, weight, bias], { axis: { int: -1 }, epsilon: { float: epsilon } });
}

/** Root-mean-square normalisation over the last axis (Zhang and Sennrich 2019) with `NAME.weight`. */
export function rmsNorm(
  graph: GraphBuilder,
  tensors: TensorFinder,
  name: string,
  x: Value,
  { size, epsilon }: { readonly size: number; readonly epsilon: number },
): Value {
  const square = graph.op('Mul', [x, x]);
  const mean = graph.op('ReduceMean', [square, graph.integers([-1])], { keepdims: { int: 1 } });
  const root = graph.op('Sqrt', [graph.op('Add', [mean, graph.floats([epsilon])])]);
  const weight = graph.weight(tensors.get(`${name}.weight`, [size]));
  return graph.op('Mul', [weight, graph.op('Div', [x, root])]);
}
