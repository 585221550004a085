import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { DATA_TYPES } from '../graph/onnx.ts';
import type { Scope } from '../scope.ts';
import { addPositions, offsetPositions } from './linear.ts';

/**
 * Positions as sines and then cosines (Vaswani et al. 2017), in the layout of tensor2tensor: frequencies from 1 down to
 * 1 / 10000.
 *
 * @param rows int64 `[n]`
 * @returns `[n, width]`
 */
export function sinusoids(graph: GraphBuilder, rows: Value, width: number): Value {
  const half = Math.floor(width / 2);
  const step = Math.fround(-Math.log(10_000) / (half - 1));
  const frequencies = Float32Array.from({ length: half }, (_, index) => Math.exp(Math.fround(index * step)));
  const column = graph.reshape(graph.toFloat(rows), [-1, 1]);
  const angles = graph.multiply(column, graph.floats(frequencies, [1, half]));
  const waves = graph.concat([graph.op('Sin', [angles]), graph.op('Cos', [angles])], -1); // [n, 2 * half]
  if (2 * half === width) return waves;
  return graph.concat([waves, graph.scale(graph.slice(waves, 1, 0, 1), 0)], -1);
}

/** The table with zeros in the row of the padding token, where it has one. */
export function withoutRow(graph: GraphBuilder, table: Value, rows: Value, padding: number | null): Value {
  if (padding === null) return table;
  const isPadding = graph.op('Equal', [graph.reshape(rows, [-1, 1]), graph.integers([padding])]);
  return graph.op('Where', [isPadding, graph.floats([0]), table]);
}

/**
 * fairseq's positions: tokens count from the padding token's id + 1 on, and padding tokens stand at that id.
 *
 * @returns int64 `[tokens]`
 */
export function rowsAfterPadding({ graph, sequence }: Scope, padding: number): Value {
  const isPadding = graph.op('Equal', [sequence.ids, graph.integers([padding])]);
  const isText = graph.op('Cast', [graph.op('Not', [isPadding])], { to: { int: DATA_TYPES.INT64 } }); // [batch, n]
  const count = graph.op('CumSum', [isText, graph.integers([1], [])]);
  const rows = graph.op('Add', [graph.op('Mul', [count, isText]), graph.integers([padding])]);
  return graph.reshape(rows, [-1]);
}

/**
 * Adds positions of Marian and Pegasus to a stream, `[tokens, width]`: the table `embed_positions` where the checkpoint
 * has it, else the sinusoids that it began with.
 */
export function sinusoidalPositions(
  scope: Scope,
  stream: Value,
  { width, context }: { readonly width: number; readonly context: number },
): Value {
  if (scope.has('embed_positions.weight'))
    return offsetPositions(scope, stream, { width, context, offset: 0 });
  const { graph, sequence } = scope;
  const rows = graph.gather(sinusoidTable(graph, context, width), sequence.positions);
  return addPositions(scope, stream, rows, width);
}

/** Rows 0..`rows` - 1 with frequencies 10000^(-2i / width): sines, then cosines. */
function sinusoidTable(graph: GraphBuilder, rows: number, width: number): Value {
  const half = Math.ceil(width / 2);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < half; index++) {
      const angle = row / 10_000 ** ((2 * index) / width);
      values[row * width + index] = Math.sin(angle);
      if (half + index < width) values[row * width + half + index] = Math.cos(angle);
    }
  }
  return graph.floats(values, [rows, width]);
}
