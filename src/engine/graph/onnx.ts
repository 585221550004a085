import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// ONNX messages in protocol buffers' wire format. Field numbers and enums: onnx/onnx.proto of ONNX 1.17.

/** TensorProto.DataType */
export const DATA_TYPES = {
  FLOAT: 1,
  UINT8: 2,
  INT32: 6,
  INT64: 7,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  BFLOAT16: 16,
  FLOAT8E4M3FN: 17,
  FLOAT8E5M2: 19,
} as const;
export type DataType = keyof typeof DATA_TYPES;

/** IR version 10 and operator set 20: the first with Gelu. */
const IR_VERSION = 10;
const OPSET_VERSION = 20;

const FLOAT = 1;
const INT = 2;
const STRING = 3;
const INTS = 7;
const GRAPH = 5;
const EXTERNAL = 1;

export type Attribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string }
  | { readonly graph: OnnxBody };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph inside a node, which may use the values of the graph around it. */
interface OnnxBody {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A constant of the graph: its bytes (little-endian), or where they lie in a file beside the model. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | { readonly file: string; readonly offset: number; readonly length: number };
}

/** An input or output; a string in the shape is a dimension that is known only when the graph runs. */
export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  /** Undefined where even its rank is known only when the graph runs. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** The graph as the bytes of an ONNX model. */
export function encodeModel(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  text(writer, 2, 'pattern-atlas');
  message(writer, 7, () => {
    for (const node of graph.nodes)
      message(writer, 1, () => {
        writeNode(writer, node);
      });
    text(writer, 2, 'patterns');
    for (const tensor of graph.initializers)
      message(writer, 5, () => {
        writeTensor(writer, tensor);
      });
    for (const input of graph.inputs)
      message(writer, 11, () => {
        writeValue(writer, input);
      });
    for (const output of graph.outputs)
      message(writer, 12, () => {
        writeValue(writer, output);
      });
  });
  message(writer, 8, () => {
    text(writer, 1, '');
    writer.tag(2, WireType.Varint).int64(OPSET_VERSION);
  });
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

/** A node is called as its first output is, which no other node has. */
export function nodeName({ outputs }: Pick<OnnxNode, 'outputs'>): string {
  return outputs[0] ?? '';
}

function writeNode(writer: BinaryWriter, { op, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, nodeName({ outputs }));
  text(writer, 4, op);
  for (const [name, attribute] of Object.entries(attributes)) {
    message(writer, 5, () => {
      text(writer, 1, name);
      const type = writeAttribute(writer, attribute);
      writer.tag(20, WireType.Varint).int32(type);
    });
  }
}

/** Writes the value and returns the attribute's type. */
function writeAttribute(writer: BinaryWriter, attribute: Attribute): number {
  if ('float' in attribute) {
    writer.tag(2, WireType.Bit32).float(attribute.float);
    return FLOAT;
  }
  if ('int' in attribute) {
    writer.tag(3, WireType.Varint).int64(attribute.int);
    return INT;
  }
  if ('string' in attribute) {
    text(writer, 4, attribute.string);
    return STRING;
  }
  if ('graph' in attribute) {
    message(writer, 6, () => {
      writeBody(writer, attribute.graph);
    });
    return GRAPH;
  }
  for (const value of attribute.ints) writer.tag(8, WireType.Varint).int64(value);
  return INTS;
}

function writeBody(writer: BinaryWriter, { nodes, inputs, outputs }: OnnxBody): void {
  for (const node of nodes)
    message(writer, 1, () => {
      writeNode(writer, node);
    });
  text(writer, 2, 'body');
  const sides: readonly (readonly [number, readonly string[]])[] = [
    [11, inputs],
    [12, outputs],
  ];
  for (const [field, names] of sides) {
    for (const name of names)
      message(writer, field, () => {
        text(writer, 1, name);
        writeFloatType(writer);
      });
  }
}

/** Any shape of float32. */
function writeFloatType(writer: BinaryWriter): void {
  message(writer, 2, () => {
    message(writer, 1, () => {
      writer.tag(1, WireType.Varint).int32(DATA_TYPES.FLOAT);
    });
  });
}

function writeTensor(writer: BinaryWriter, { name, type, shape, data }: OnnxTensor): void {
  for (const side of shape) writer.tag(1, WireType.Varint).int64(side);
  writer.tag(2, WireType.Varint).int32(DATA_TYPES[type]);
  text(writer, 8, name);
  if (data instanceof Uint8Array) {
    writer.tag(9, WireType.LengthDelimited).bytes(data);
    return;
  }
  const external = { location: data.file, offset: String(data.offset), length: String(data.length) };
  for (const [key, value] of Object.entries(external)) {
    message(writer, 13, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  }
  writer.tag(14, WireType.Varint).int32(EXTERNAL);
}

function writeValue(writer: BinaryWriter, { name, type, shape }: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, () => {
    message(writer, 1, () => {
      writer.tag(1, WireType.Varint).int32(DATA_TYPES[type]);
      if (shape === undefined) return;
      message(writer, 2, () => {
        for (const side of shape) {
          message(writer, 1, () => {
            if (typeof side === 'string') text(writer, 2, side);
            else writer.tag(1, WireType.Varint).int64(side);
          });
        }
      });
    });
  });
}
