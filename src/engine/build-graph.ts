import type { LogitsBuilder, Model, ModelScopes, StackDescription } from './architectures/architecture.ts';
import type { Stack } from '../schema/stacks.ts';
import { TOKEN_EXTRAS, type EditPoint, type ExtraName, type GivenHeadExtra } from './extras.ts';
import { createGraph, type EncodedPart, type GraphBuilder } from './graph/graph-builder.ts';
import { headOutputs, type HeadRequest } from './head-outputs.ts';
import { nextTokens } from './next-tokens.ts';
import { layerIn, stackScope, type StackParts } from './scope.ts';
import { sequenceOf, type Sequence } from './sequence.ts';
import { signalOf, type Signal } from './signal.ts';
import { GRAPH_NAMES, SIDES } from './graph-names.ts';
import { findTensors, type TensorIndex } from './tensors.ts';

export interface BuiltGraph extends GraphFacts {
  /**
   * The ONNX model: ids int64 `[batch, n]`, and `[batch, m]` for a decoder beside an encoder, or the pixels or samples of
   * signal.ts, to a pattern float32 `[batch, heads, queries, keys]` a layer, and logits float32 `[batch, queries, vocabulary]` where they were asked for.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Names of the nodes that WebGPU must leave to the processor. */
  readonly delicate: readonly string[];
}

/** A graph in parts that are run one after the other, each fed what the ones before it gave on. */
export interface BuiltParts extends GraphFacts {
  readonly parts: readonly EncodedPart[];
}

/** What a graph gives and takes. */
export interface GraphFacts {
  /** Layers that have a pattern, ascending, by stack. */
  readonly stacks: ReadonlyMap<Stack, readonly number[]>;
  readonly hasLogits: boolean;
  /** Extras of heads that it gives, an output each, with the shapes of extras.ts behind `batch`. */
  readonly headExtras: readonly GivenHeadExtra[];
  /** Extras that were asked for and that the model, or a layer of it, has none of. */
  readonly unavailable: ReadonlySet<ExtraName>;
  /** Where its heads can be edited; `editFeeds` gives what to feed there. */
  readonly editPoints: readonly EditPoint[];
}

interface GraphRequest extends HeadRequest {
  readonly logits: boolean;
  /** How many of the likeliest next tokens `top-tokens` gives; 10 if left out. */
  readonly topTokens?: number;
}

/**
 * Builds the graph of a model, with the weights left in the checkpoint's files. It computes what is asked for and no
 * more: without `logits` it ends with the last layer's pattern.
 *
 * @throws AtlasError of tensors that are missing or do not fit the config
 */
export function buildGraph(model: Model, index: TensorIndex, request: GraphRequest): BuiltGraph {
  const { graph, facts } = assemble(model, index, request);
  const { bytes, inputs, delicate } = graph.encode();
  return { ...factsOf(facts, inputs), bytes, delicate };
}

/**
 * The same graph as `buildGraph`, in parts of which each gives the patterns of at most `layersAtOnce` layers (one part if
 * left out): what is computed is the same to the last bit, and patterns can be put away before the next ones are made.
 */
export function buildParts(
  model: Model,
  index: TensorIndex,
  request: GraphRequest,
  layersAtOnce = Infinity,
): BuiltParts {
  const { graph, facts, ofLayers } = assemble(model, index, request);
  const size = Math.max(1, Math.min(layersAtOnce, ofLayers.length));
  const count = Math.max(1, Math.ceil(ofLayers.length / size));
  const groups = Array.from({ length: count }, (_, part) =>
    ofLayers.slice(part * size, (part + 1) * size).flat(),
  );
  const parts = graph.encodeParts(groups);
  return { ...factsOf(facts, new Set(parts.flatMap(({ inputs }) => [...inputs]))), parts };
}

/** Only the edit points whose inputs the graph kept. */
function factsOf(facts: GraphFacts, inputs: ReadonlySet<string>): GraphFacts {
  return { ...facts, editPoints: facts.editPoints.filter(({ mask }) => inputs.has(mask)) };
}

/** A graph before it is encoded, and the names of the outputs of each layer that has a pattern, in their order. */
function assemble(model: Model, index: TensorIndex, request: GraphRequest) {
  const graph = createGraph();
  const stacks = new Map<Stack, number[]>();
  const patterns: { readonly stack: Stack; readonly layer: number; readonly output: string }[] = [];
  const tensors = findTensors(index, model.prefixes, model.quantization.block);
  const inputs = inputSequences(graph, model);
  const headParts = headOutputs(graph, request);
  const parts = ({ stack, heads, layers }: StackDescription): StackParts => ({
    graph,
    sequence: stack === 'decoder' || stack === 'cross' ? inputs.decoder() : inputs.first(),
    tensors,
    layers,
    ...headParts.of(stack, heads),
    pattern(layer, value) {
      if (request.only?.includes(stack) === false) return;
      stacks.set(stack, [...(stacks.get(stack) ?? []), layer]);
      const shape = ['batch', heads, ...SIDES[stack]];
      const output = GRAPH_NAMES.pattern(stack, layer);
      graph.output(value, { name: output, type: 'FLOAT', shape });
      patterns.push({ stack, layer, output });
    },
  });
  const head = model.build(scopesOf(model, parts, inputs));
  headParts.finish(head);
  const hasLogits = request.logits && head !== undefined;
  const missing = outputTokens(graph, model, head, inputs, request);
  const facts: GraphFacts = {
    stacks,
    hasLogits,
    headExtras: headParts.given,
    unavailable: new Set([...headParts.unavailable(), ...missing]),
    editPoints: headParts.points,
  };
  const ofLayers = patterns.map(({ stack, layer, output }) => [
    output,
    ...headParts.given.flatMap((each) => (each.stack === stack && each.layer === layer ? [each.output] : [])),
  ]);
  return { graph, facts, ofLayers };
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

/** Outputs what is asked for of each token, and returns what the model has none of. */
function outputTokens(
  graph: GraphBuilder,
  { description }: Model,
  head: LogitsBuilder | undefined,
  inputs: InputSequences,
  { logits, extras = [], topTokens = 10, only }: GraphRequest,
): ExtraName[] {
  const wanted = TOKEN_EXTRAS.filter((name) => extras.includes(name));
  if (head === undefined) return wanted;
  const isDecoder = description.stacks.some(({ stack }) => stack === 'decoder');
  if (isDecoder && only?.includes('decoder') === false) return wanted;
  const isCausal = isDecoder || description.stacks.some(({ layout }) => layout === 'causal');
  if (!logits && (wanted.length === 0 || !isCausal)) return wanted;
  const sequence = isDecoder ? inputs.decoder() : inputs.first();
  const side = isDecoder ? 'm' : 'n';
  const value = graph.reshape(head(), graph.concat([sequence.shape(), graph.integers([-1])], 0));
  const shape = ['batch', side, 'vocabulary'];
  if (logits) graph.output(value, { name: GRAPH_NAMES.logits, type: 'FLOAT', shape });
  if (!isCausal || wanted.length === 0) return wanted;
  const next = nextTokens(graph, value, sequence);
  if (wanted.includes('loss')) {
    graph.output(next.loss(), { name: GRAPH_NAMES.loss, type: 'FLOAT', shape: ['batch', 'pairs'] });
  }
  if (wanted.includes('top-tokens')) {
    const { ids, probabilities } = next.top(Math.min(topTokens, description.vocabularySize));
    const best = ['batch', side, 'top'];
    graph.output(ids, { name: GRAPH_NAMES.topIds, type: 'INT64', shape: best });
    graph.output(probabilities, { name: GRAPH_NAMES.topProbabilities, type: 'FLOAT', shape: best });
  }
  return [];
}
