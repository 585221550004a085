import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

// A stream is a matrix [tokens, width] with the tokens of all prompts of the batch one after another: batch * n of them.

interface LinearSizes {
  readonly inputs: number;
  readonly outputs: number;
  /** Whether a bias is added, `NAME.bias`. */
  readonly bias?: boolean;
  /** True for GPT-2's Conv1D, which stores its weight as `[inputs, outputs]`. */
  readonly transposed?: boolean;
}

/** `x W + b` of `[tokens, inputs]`, with the tensors `NAME.weight` (`[outputs, inputs]` as PyTorch stores it) and `NAME.bias`. */
export function linear(
  scope: Scope,
  name: string,
  x: Value,
  { inputs, outputs, bias = false, transposed = false }: LinearSizes,
): Value {
  const part = scope.at(name);
  const weight = part.weight('weight', transposed ? [inputs, outputs] : [outputs, inputs]);
  const operands = bias ? [x, weight, part.weight('bias', [outputs])] : [x, weight];
  return scope.graph.op('Gemm', operands, { transB: { int: transposed ? 0 : 1 } });
}

/** Rows of the matrix `NAME.weight`, selected before they are widened: `[...indices, width]`. */
export function selectRows(
  scope: Scope,
  name: string,
  indices: Value,
  shape: readonly [rows: number, width: number],
): Value {
  const { graph } = scope;
  const tensor = scope.tensor(`${name}.weight`, shape);
  if (tensor.dtype.startsWith('F8_')) return graph.gather(scope.weight(`${name}.weight`, shape), indices);
  const selected = graph.gather(graph.stored(tensor), indices);
  return tensor.dtype === 'F32' ? selected : graph.toFloat(selected);
}

/** The embeddings of the sequence's tokens, `[tokens, width]`. */
export function embedTokens(scope: Scope, name: string, vocabulary: number, width: number): Value {
  const ids = scope.graph.reshape(scope.sequence.ids, [-1]);
  return selectRows(scope, name, ids, [vocabulary, width]);
}

/** Adds one row a position, `[n, width]`, to every prompt of a stream. */
export function addPositions(scope: Scope, stream: Value, rows: Value, width: number): Value {
  const { graph, sequence } = scope;
  const apart = graph.reshape(stream, sequence.shape(width)); // [batch, n, width]
  return graph.reshape(graph.add(apart, rows), [-1, width]);
}

interface OffsetTable {
  readonly width: number;
  readonly context: number;
  /** Rows before the one of the first token. */
  readonly offset: number;
}

/** Adds the rows of the table `embed_positions` to a stream, `[tokens, width]`. */
export function offsetPositions(scope: Scope, stream: Value, { width, context, offset }: OffsetTable): Value {
  const { graph, sequence } = scope;
  const rows = graph.op('Add', [sequence.positions, graph.integers([offset])]);
  const positions = selectRows(scope, 'embed_positions', rows, [context + offset, width]);
  return addPositions(scope, stream, positions, width);
}
