import type { NamedTensor } from '../tensors.ts';
import {
  encodeModel,
  nodeName,
  type DataType,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './onnx.ts';
import { operations, type Core, type Operations, type Value } from './operations.ts';
import { namesIn, splitGraph } from './split-graph.ts';

export type { Value } from './operations.ts';

const ONNX_TYPES: Readonly<Record<string, DataType>> = {
  F32: 'FLOAT',
  F16: 'FLOAT16',
  BF16: 'BFLOAT16',
  F64: 'DOUBLE',
  F8_E4M3: 'FLOAT8E4M3FN',
  F8_E5M2: 'FLOAT8E5M2',
  U8: 'UINT8',
};

/** Collects the nodes of a graph. Arithmetic is float32 throughout, whatever the weights are stored in. */
export interface GraphBuilder extends Core, Operations {
  /** A weight as float32, left in its file. */
  weight(tensor: NamedTensor): Value;
  /** A weight in the type it is stored in, for operators that select from it before it is widened. */
  stored(tensor: NamedTensor): Value;
  /**
   * Runs through tokens one by one: `step` makes of the states and one token's part of each input the next states and one
   * token's part of each output. All are float32; inputs and outputs are `[batch, n, ...]`, or what is
   * run through lies along another axis. Weights are read before.
   */
  scan<S extends readonly Value[], I extends readonly Value[], O extends readonly Value[]>(
    states: readonly [...S],
    inputs: readonly [...I],
    step: (
      states: Values<S>,
      inputs: Values<I>,
    ) => { readonly states: Values<S>; readonly outputs: readonly [...O] },
    axis?: number,
  ): Values<O>;
  input(value: OnnxValue): Value;
  /** Names `value` as an output of the graph. */
  output(value: Value, description: OnnxValue): void;
  /**
   * The model's bytes: the nodes and inputs that the outputs need, and no others, with the names of those inputs. Weights
   * are external data, with the locations of their files.
   */
  encode(): EncodedGraph;
  /**
   * The same graph as models that are run one after the other, each ending behind the outputs of one of `groups`; the last
   * one has the outputs of no group, too. Each is fed what the graph is fed, and what the ones before it gave on.
   */
  encodeParts(groups: readonly (readonly string[])[]): EncodedPart[];
}

interface EncodedGraph {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: ReadonlySet<string>;
  /** Names of the nodes whose functions WebGPU computes to three digits or not at all: sines, cosines and powers. */
  readonly delicate: readonly string[];
}

/** One of several models that together are a graph. */
export interface EncodedPart extends EncodedGraph {
  /** Its outputs that later parts are fed. */
  readonly given: readonly string[];
}

/** WGSL allows its sine an error of 5e-4, and any at large angles; powers of constants have no shader in onnxruntime 1.30. */
const DELICATE: ReadonlySet<string> = new Set(['Sin', 'Cos', 'Pow']);

/** What the names of weights begin with. */
const WEIGHT = 'weight ';

/** As many values as there are in T. */
type Values<T extends readonly Value[]> = { readonly [K in keyof T]: Value };

/** A graph without nodes. */
export function createGraph(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  let current = nodes; // those of a step while it is written
  const initializers = new Map<string, OnnxTensor>();
  const constants = new Map<string, Value>();
  const widened = new Map<string, Value>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  let names = 0;
  const fresh = () => `v${names++}` as Value;

  function constant(type: DataType, values: Float32Array | BigInt64Array, shape: readonly number[]): Value {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = `${type}[${shape.join()}]${values.join()}`;
    const existing = constants.get(key);
    if (existing !== undefined) return existing;
    const name = fresh();
    initializers.set(name, { name, type, shape, data });
    constants.set(key, name);
    return name;
  }

  /** The nodes and inputs that the outputs need, and no others. */
  function needed(): OnnxGraph {
    const { kept, used } = reachable(nodes, outputs);
    return {
      nodes: kept,
      initializers: [...initializers.values()].filter(({ name }) => used.has(name)),
      inputs: inputs.filter(({ name }) => used.has(name)),
      outputs,
    };
  }

  const core: Core = {
    op(type, from, attributes = {}) {
      const output = fresh();
      current.push({ op: type, inputs: from, outputs: [output], attributes });
      return output;
    },
    ops(type, from, count, attributes = {}) {
      const made = Array.from({ length: count }, fresh);
      current.push({ op: type, inputs: from, outputs: made, attributes });
      return made;
    },
    floats: (values, shape = []) => constant('FLOAT', Float32Array.from(values), shape),
    integers: (values, shape = [values.length]) =>
      constant('INT64', BigInt64Array.from(values, BigInt), shape),
  };
  const builder: GraphBuilder = {
    ...core,
    ...operations(core),
    stored(tensor) {
      if (current !== nodes) throw new RangeError('Weights are read before a scan');
      const { name, dtype, shape } = tensor;
      const type = ONNX_TYPES[dtype];
      if (type === undefined) throw new RangeError(`No graph can read ${dtype}`);
      const value = `${WEIGHT}${name}` as Value;
      const { lead, ...place } = readablePlace(tensor);
      const isWhole = lead === 0;
      initializers.set(value, { name: value, type, shape: isWhole ? shape : [LEAST_CELLS], data: place });
      if (isWhole) return value;
      return builder.reshape(builder.slice(value, 0, lead, LEAST_CELLS), shape);
    },
    weight(tensor) {
      const known = widened.get(tensor.name);
      if (known !== undefined) return known;
      const stored = builder.stored(tensor);
      const value = tensor.dtype === 'F32' ? stored : builder.toFloat(stored);
      widened.set(tensor.name, value);
      return value;
    },
    scan<S extends readonly Value[], I extends readonly Value[], O extends readonly Value[]>(
      states: readonly [...S],
      sources: readonly [...I],
      step: (
        states: Values<S>,
        inputs: Values<I>,
      ) => { readonly states: Values<S>; readonly outputs: readonly [...O] },
      axis = 1,
    ): Values<O> {
      const before = current;
      const body: OnnxNode[] = [];
      current = body;
      const [held, parts] = [states.map(fresh), sources.map(fresh)];
      const made = step(held as unknown as Values<S>, parts as unknown as Values<I>);
      const results = [...made.states, ...made.outputs].map((value) => core.op('Identity', [value]));
      current = before;
      const along = (count: number) => ({ ints: Array.from({ length: count }, () => axis) });
      const all = core.ops('Scan', [...states, ...sources], results.length, {
        body: { graph: { nodes: body, inputs: [...held, ...parts], outputs: results } },
        num_scan_inputs: { int: sources.length },
        scan_input_axes: along(sources.length),
        scan_output_axes: along(made.outputs.length),
      });
      return all.slice(states.length) as unknown as Values<O>;
    },
    input(value) {
      inputs.push(value);
      return value.name as Value;
    },
    output(value, description) {
      nodes.push({ op: 'Identity', inputs: [value], outputs: [description.name], attributes: {} });
      outputs.push(description);
    },
    encode() {
      return encoded(needed());
    },
    encodeParts(groups) {
      return splitGraph(needed(), groups).map(({ graph, given }) => ({ ...encoded(graph), given }));
    },
  };
  return builder;
}

/**
 * Numbers that a weight in a file has at least: onnxruntime 1.30 looks for equal constants among those with fewer,
 * without the path of the model, and then finds no file.
 */
const LEAST_CELLS = 9;

/** Where a tensor lies; of a short one, with `lead` numbers of what stands before it in its file. */
function readablePlace({ shape, offset, length, ...tensor }: NamedTensor) {
  const file = tensor.location ?? tensor.file;
  const cells = shape.reduce((product, side) => product * side, 1);
  const lead = Math.max(0, LEAST_CELLS - cells);
  const bytes = (lead * length) / Math.max(1, cells);
  if (cells === 0 || offset < bytes) return { file, offset, length, lead: 0 };
  return { file, offset: offset - bytes, length: length + bytes, lead };
}

/**
 * Puts the nodes that widen weights before all others. onnxruntime follows the graph back from its outputs, later nodes
 * first, so that these then run last: each right before it is needed, and not all of them at once.
 */
function wideningFirst(nodes: readonly OnnxNode[]): OnnxNode[] {
  const [widening, others] = [true, false].map((wanted) =>
    nodes.filter(({ op, inputs: [first = ''] }) => (op === 'Cast' && first.startsWith(WEIGHT)) === wanted),
  );
  return [...(widening ?? []), ...(others ?? [])];
}

/** The nodes that lead to the outputs, in their order, and the names of all that they use. */
function reachable(nodes: readonly OnnxNode[], outputs: readonly OnnxValue[]) {
  const used = new Set(outputs.map(({ name }) => name));
  const kept: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => used.has(name))) continue;
    for (const name of namesIn(node)) used.add(name);
    kept.push(node);
  }
  return { kept: kept.reverse(), used };
}

function encoded(graph: OnnxGraph): EncodedGraph {
  return {
    bytes: encodeModel({ ...graph, nodes: wideningFirst(graph.nodes) }),
    inputs: new Set(graph.inputs.map(({ name }) => name)),
    delicate: graph.nodes.filter(({ op }) => DELICATE.has(op)).map(nodeName),
  };
}
