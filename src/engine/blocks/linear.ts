import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { TensorFinder } from '../tensors.ts';

interface LinearSizes {
  readonly inputs: number;
  readonly outputs: number;
  /** Whether the layer adds a bias, `NAME.bias`. */
  readonly bias: boolean;
  /** True for GPT-2's Conv1D, which stores its weight as `[inputs, outputs]`. */
  readonly transposed?: boolean;
}

/** `x W + b` with the tensors `NAME.weight` (`[outputs, inputs]` as PyTorch stores it) and `NAME.bias`. */
export function linear(
  graph: GraphBuilder,
  tensors: TensorFinder,
  name: string,
  x: Value,
  { inputs, outputs, bias, transposed = false }: LinearSizes,
): Value {
  const shape = transposed ? [inputs, outputs] : [outputs, inputs];
  const weight = graph.weight(tensors.get(`${name}.weight`, shape));
  const rows = graph.op('Reshape', [x, graph.integers([-1, inputs])]); // [batch * n, inputs]: Gemm takes matrices
  const operands = bias ? [rows, weight, graph.weight(tensors.get(`${name}.bias`, [outputs]))] : [rows, weight];
  const product = graph.op('Gemm', operands, { transB: { int: transposed ? 0 : 1 } }); // [batch * n, outputs]
  const leading = graph.op('Shape', [x], { start: { int: 0 }, end: { int: 2 } }); // [batch, n]
  const target = graph.op('Concat', [leading, graph.integers([outputs])], { axis: { int: 0 } });
  return graph.op('Reshape', [product, target]); // [batch, n, outputs]
}

/** Rows of an embedding matrix, `[rows, width]`, selected before they are widened: `[...indices, width]`. */
export function embed(
  graph: GraphBuilder,
  tensors: TensorFinder,
  name: string,
  indices: Value,
  shape: readonly [rows: number, width: number],
): Value {
  const tensor = tensors.get(`${name}.weight`, shape);
  const selected = graph.op('Gather', [graph.stored(tensor), indices]);
  return tensor.dtype === 'F32' ? selected : graph.toFloat(selected);
}

/** Logits, `[batch, n, vocabulary]`, with the matrix `NAME.weight` (that of the embedding where the two are tied). */
export function unembed(
  graph: GraphBuilder,
  tensors: TensorFinder,
  name: string,
  x: Value,
  { width, vocabulary }: { readonly width: number; readonly vocabulary: number },
): Value {
  return linear(graph, tensors, name, x, { inputs: width, outputs: vocabulary, bias: false });
}
