import type { Model } from './architectures/architecture.ts';
import { createGraph } from './graph/graph-builder.ts';
import { findTensors, type TensorIndex } from './tensors.ts';

/** The lowest float32: what a softmax turns into exactly 0 beside any real score. */
const LOWEST = -3.4028234663852886e38;

/** Names of the graph's inputs and outputs. */
export const GRAPH_NAMES = {
  ids: 'input_ids',
  pattern: (layer: number) => `pattern.${layer}`,
  logits: 'logits',
} as const;

export interface BuiltGraph {
  /** The ONNX model: ids int64 `[batch, n]` to a pattern float32 `[batch, heads, n, n]` a layer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Layers that have a pattern, ascending. */
  readonly layers: readonly number[];
}

/**
 * Builds the graph of a causal model, with the weights left in the checkpoint's files. It computes what is asked
 * for and no more: without `logits` it ends with the last layer's pattern.
 *
 * @throws AtlasError of tensors that are missing or do not fit the config
 */
export function buildGraph(model: Model, index: TensorIndex, { logits }: { readonly logits: boolean }): BuiltGraph {
  const graph = createGraph();
  const ids = graph.input({ name: GRAPH_NAMES.ids, type: 'INT64', shape: ['batch', 'n'] });
  const length = graph.op('Shape', [ids], { start: { int: 1 }, end: { int: 2 } }); // [1]
  const end = graph.op('Squeeze', [length]);
  const positions = graph.op('Range', [graph.integers([0], []), end, graph.integers([1], [])]); // [n]
  const rows = graph.op('Reshape', [positions, graph.integers([-1, 1])]); // [n, 1]
  const isVisible = graph.op('GreaterOrEqual', [rows, positions]); // [n, n]
  const causalMask = graph.op('Where', [isVisible, graph.floats([0]), graph.floats([LOWEST])]);

  const heads = model.description.stacks[0]?.heads ?? 0;
  const layers: number[] = [];
  const result = model.build({
    graph,
    tensors: findTensors(index, model.prefixes),
    ids,
    positions,
    causalMask,
    pattern(layer, value) {
      layers.push(layer);
      graph.output(value, { name: GRAPH_NAMES.pattern(layer), type: 'FLOAT', shape: ['batch', heads, 'n', 'n'] });
    },
    wantsLogits: logits,
  });
  if (result !== undefined) {
    const shape = ['batch', 'n', model.description.vocabularySize];
    graph.output(result, { name: GRAPH_NAMES.logits, type: 'FLOAT', shape });
  }
  return { bytes: graph.encode(), layers };
}
