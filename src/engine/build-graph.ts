import type { Model } from './architectures/architecture.ts';
import type { Stack } from '../schema/stacks.ts';
import { createGraph } from './graph/graph-builder.ts';
import { stackScope } from './scope.ts';
import { sequenceOf } from './sequence.ts';
import { findTensors, type TensorIndex } from './tensors.ts';

/** Names of the graph's inputs and outputs. */
export const GRAPH_NAMES = {
  ids: 'input_ids',
  pattern: (stack: Stack, layer: number) => `pattern.${stack}.${layer}`,
  logits: 'logits',
} as const;

export interface BuiltGraph {
  /**
   * The ONNX model: ids int64 `[batch, n]` to a pattern float32 `[batch, heads, n, n]` a layer, and logits float32
   * `[batch, n, vocabulary]` where they were asked for.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Layers that have a pattern, ascending, by stack. */
  readonly stacks: ReadonlyMap<Stack, readonly number[]>;
  readonly hasLogits: boolean;
}

/**
 * Builds the graph of a model, with the weights left in the checkpoint's files. It computes what is asked for and no
 * more: without `logits` it ends with the last layer's pattern.
 *
 * @throws AtlasError of tensors that are missing or do not fit the config
 */
export function buildGraph(
  model: Model,
  index: TensorIndex,
  { logits }: { readonly logits: boolean },
): BuiltGraph {
  const graph = createGraph();
  const tensors = findTensors(index, model.prefixes);
  const sequence = sequenceOf(
    graph,
    graph.input({ name: GRAPH_NAMES.ids, type: 'INT64', shape: ['batch', 'n'] }),
  );
  const stacks = new Map<Stack, number[]>();
  const [description] = model.description.stacks;
  if (description === undefined) throw new RangeError('A model has a stack');
  const { stack, heads, layers } = description;
  const self = stackScope({
    graph,
    sequence,
    tensors,
    layers,
    pattern(layer, value) {
      stacks.set(stack, [...(stacks.get(stack) ?? []), layer]);
      const shape = ['batch', heads, 'n', 'n'];
      graph.output(value, { name: GRAPH_NAMES.pattern(stack, layer), type: 'FLOAT', shape });
    },
  });
  const head = model.build({ self });
  const hasLogits = logits && head !== undefined;
  if (hasLogits) {
    const { vocabularySize } = model.description;
    const value = graph.reshape(head(), sequence.shape(vocabularySize));
    graph.output(value, { name: GRAPH_NAMES.logits, type: 'FLOAT', shape: ['batch', 'n', vocabularySize] });
  }
  return { bytes: graph.encode(), stacks, hasLogits };
}
