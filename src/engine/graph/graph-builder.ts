import type { NamedTensor } from '../tensors.ts';
import { encodeModel, type Attribute, type DataType, type OnnxNode, type OnnxTensor, type OnnxValue } from './onnx.ts';

/** A tensor that flows through the graph; made by the builder only. */
export type Value = string & { readonly brand: 'value' };

const ONNX_TYPES: Readonly<Record<string, DataType>> = { F32: 'FLOAT', F16: 'FLOAT16', BF16: 'BFLOAT16' };

/** Collects the nodes of a graph. Arithmetic is float32 throughout, whatever the weights are stored in. */
export interface GraphBuilder {
  /** One operator of ONNX's default domain; empty strings stand for inputs that are left out. */
  op(type: string, inputs: readonly (Value | '')[], attributes?: Readonly<Record<string, Attribute>>): Value;
  /** An operator with several outputs. */
  split(type: string, inputs: readonly Value[], outputs: number, attributes?: Readonly<Record<string, Attribute>>): Value[];
  /** A weight as float32, left in its file. */
  weight(tensor: NamedTensor): Value;
  /** A weight in the type it is stored in, for operators that select from it before it is widened. */
  stored(tensor: NamedTensor): Value;
  /** Widens to float32. */
  toFloat(value: Value): Value;
  floats(values: ArrayLike<number>, shape?: readonly number[]): Value;
  integers(values: readonly number[], shape?: readonly number[]): Value;
  input(value: OnnxValue): Value;
  /** Names `value` as an output of the graph. */
  output(value: Value, description: OnnxValue): void;
  /** The model's bytes. Weights are external data: paths relative to the checkpoint folder. */
  encode(): Uint8Array<ArrayBuffer>;
}

/** A graph without nodes. */
export function createGraph(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const widened = new Map<string, Value>();
  let names = 0;
  const fresh = () => `v${names++}` as Value;

  const builder: GraphBuilder = {
    op(type, from, attributes = {}) {
      const output = fresh();
      nodes.push({ op: type, inputs: from, outputs: [output], attributes });
      return output;
    },
    split(type, from, count, attributes = {}) {
      const made = Array.from({ length: count }, fresh);
      nodes.push({ op: type, inputs: from, outputs: made, attributes });
      return made;
    },
    stored({ name, dtype, shape, file, offset, length }) {
      const type = ONNX_TYPES[dtype];
      if (type === undefined) throw new RangeError(`No graph can read ${dtype}`);
      initializers.set(name, { name, type, shape, data: { file, offset, length } });
      return name as Value;
    },
    toFloat: (value) => builder.op('Cast', [value], { to: { int: 1 } }),
    weight(tensor) {
      const known = widened.get(tensor.name);
      if (known !== undefined) return known;
      const stored = builder.stored(tensor);
      const value = tensor.dtype === 'F32' ? stored : builder.toFloat(stored);
      widened.set(tensor.name, value);
      return value;
    },
    floats(values, shape = []) {
      return constant('FLOAT', Float32Array.from(values), shape);
    },
    integers(values, shape = [values.length]) {
      return constant('INT64', BigInt64Array.from(values, BigInt), shape);
    },
    input(value) {
      inputs.push(value);
      return value.name as Value;
    },
    output(value, description) {
      nodes.push({ op: 'Identity', inputs: [value], outputs: [description.name], attributes: {} });
      outputs.push(description);
    },
    encode: () => encodeModel({ nodes, initializers: [...initializers.values()], inputs, outputs }),
  };

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
  const constants = new Map<string, Value>();
  return builder;
}
