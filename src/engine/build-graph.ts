import type { LogitsBuilder, Model, ModelScopes, StackDescription } from './architectures/architecture.ts';
import type { Stack } from '../schema/stacks.ts';
import { createGraph, type GraphBuilder } from './graph/graph-builder.ts';
import { layerIn, stackScope, type StackParts } from './scope.ts';
import { sequenceOf, type Sequence } from './sequence.ts';
import { signalOf, type Signal } from './signal.ts';
import { findTensors, type TensorIndex } from './tensors.ts';

/** Names of the graph's inputs and outputs. */
export const GRAPH_NAMES = {
  ids: 'input_ids',
  decoderIds: 'decoder_input_ids',
  pattern: (stack: Stack, layer: number) => `pattern.${stack}.${layer}`,
  logits: 'logits',
} as const;

export interface BuiltGraph {
  /**
   * The ONNX model: ids int64 `[batch, n]`, and `[batch, m]` for a decoder beside an encoder, or the pixels or samples of
   * signal.ts, to a pattern float32 `[batch, heads, queries, keys]` a layer, and logits float32 `[batch, queries, vocabulary]` where they were asked for.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Layers that have a pattern, ascending, by stack. */
  readonly stacks: ReadonlyMap<Stack, readonly number[]>;
  readonly hasLogits: boolean;
}

interface GraphRequest {
  readonly logits: boolean;
  /** Only these stacks; all if left out. Their graph asks for no more input than they need. */
  readonly only?: readonly Stack[];
}

/** Sides of a pattern and of ids, by stack. */
const SIDES: Readonly<Record<Stack, readonly [queries: string, keys: string]>> = {
  self: ['n', 'n'],
  encoder: ['n', 'n'],
  decoder: ['m', 'm'],
  cross: ['m', 'n'],
};

/**
 * Builds the graph of a model, with the weights left in the checkpoint's files. It computes what is asked for and no
 * more: without `logits` it ends with the last layer's pattern.
 *
 * @throws AtlasError of tensors that are missing or do not fit the config
 */
export function buildGraph(model: Model, index: TensorIndex, request: GraphRequest): BuiltGraph {
  const graph = createGraph();
  const stacks = new Map<Stack, number[]>();
  const tensors = findTensors(index, model.prefixes);
  const inputs = inputSequences(graph, model);
  const parts = ({ stack, heads, layers }: StackDescription): StackParts => ({
    graph,
    sequence: stack === 'decoder' || stack === 'cross' ? inputs.decoder() : inputs.first(),
    tensors,
    layers,
    pattern(layer, value) {
      if (request.only?.includes(stack) === false) return;
      stacks.set(stack, [...(stacks.get(stack) ?? []), layer]);
      const shape = ['batch', heads, ...SIDES[stack]];
      graph.output(value, { name: GRAPH_NAMES.pattern(stack, layer), type: 'FLOAT', shape });
    },
  });
  const head = model.build(scopesOf(model, parts, inputs));
  const hasLogits = request.logits && head !== undefined;
  if (hasLogits) outputLogits(graph, model, head, inputs);
  return { bytes: graph.encode(), stacks, hasLogits };
}

function scopesOf(
  { description }: Model,
  parts: (stack: StackDescription) => StackParts,
  inputs: InputSequences,
): ModelScopes {
  const stackOf = (name: Stack): StackParts => {
    const found = description.stacks.find(({ stack }) => stack === name);
    if (found === undefined) throw new RangeError(`The model has no stack ${name}`);
    return parts(found);
  };
  return {
    get self() {
      return stackScope(stackOf('self'));
    },
    get encoder() {
      return stackScope(stackOf('encoder'));
    },
    get decoder() {
      return stackScope(stackOf('decoder'));
    },
    cross: (layer) => layerIn(stackOf('cross'), layer),
    get signal() {
      return inputs.signal().value;
    },
  };
}

type InputSequences = ReturnType<typeof inputSequences>;

/** The sequences of the graph's inputs, each made when it is first asked for. */
function inputSequences(graph: GraphBuilder, { description: { signal: input } }: Model) {
  let read: Signal | undefined;
  const made = new Map<string, Sequence>();
  const sequence = (name: string, side: string) => {
    const known = made.get(name) ?? readIds(graph, name, side);
    made.set(name, known);
    return known;
  };
  const signal = (): Signal => {
    if (input === undefined) throw new RangeError('The model reads token ids');
    return (read ??= signalOf(graph, input));
  };
  return {
    signal,
    first: () => (input === undefined ? sequence(GRAPH_NAMES.ids, 'n') : signal().sequence),
    decoder: () => sequence(GRAPH_NAMES.decoderIds, 'm'),
  };
}

function readIds(graph: GraphBuilder, name: string, side: string): Sequence {
  const ids = graph.input({ name, type: 'INT64', shape: ['batch', side] });
  return sequenceOf(graph, graph.op('Shape', [ids]), ids);
}

function outputLogits(
  graph: GraphBuilder,
  { description }: Model,
  head: LogitsBuilder,
  inputs: InputSequences,
): void {
  const isDecoder = description.stacks.some(({ stack }) => stack === 'decoder');
  const sequence = isDecoder ? inputs.decoder() : inputs.first();
  const side = isDecoder ? 'm' : 'n';
  const value = graph.reshape(head(), graph.concat([sequence.shape(), graph.integers([-1])], 0));
  graph.output(value, { name: GRAPH_NAMES.logits, type: 'FLOAT', shape: ['batch', side, 'vocabulary'] });
}
