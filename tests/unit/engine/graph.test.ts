import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createGraph } from '../../../src/engine/graph/graph-builder.ts';
import { encodeModel } from '../../../src/engine/graph/onnx.ts';

/** Fields of a message by number, as raw varints, floats or bytes. */
function fields(bytes: Uint8Array): Map<number, (Uint8Array | bigint | number)[]> {
  const reader = new BinaryReader(bytes);
  const found = new Map<number, (Uint8Array | bigint | number)[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const value =
      type === WireType.LengthDelimited
        ? reader.bytes()
        : type === WireType.Bit32
          ? reader.float()
          : BigInt(reader.int64());
    found.set(field, [...(found.get(field) ?? []), value]);
  }
  return found;
}

const text = (value: unknown) => new TextDecoder().decode(value as Uint8Array);
const inner = (value: unknown) => fields(value as Uint8Array);

describe('encodeModel', () => {
  const bytes = encodeModel({
    nodes: [
      {
        op: 'Gemm',
        inputs: ['x', '', 'w'],
        outputs: ['y'],
        attributes: { transB: { int: 1 }, alpha: { float: 0.5 } },
      },
    ],
    initializers: [
      {
        name: 'w',
        type: 'BFLOAT16',
        shape: [2, 3],
        data: { file: 'model.safetensors', offset: 5_000_000_000, length: 12 },
      },
      { name: 'c', type: 'FLOAT', shape: [1], data: Uint8Array.of(0, 0, 128, 63) },
    ],
    inputs: [{ name: 'x', type: 'INT64', shape: ['batch', 4] }],
    outputs: [{ name: 'y', type: 'FLOAT', shape: [] }],
  });
  const model = fields(bytes);
  const graph = inner(model.get(7)?.[0]);

  it('states the versions that onnxruntime needs', () => {
    expect(model.get(1)).toEqual([10n]);
    expect(inner(model.get(8)?.[0]).get(2)).toEqual([20n]);
  });

  it('writes a node with its inputs, left-out ones too, and attributes with their types', () => {
    const node = inner(graph.get(1)?.[0]);
    expect(node.get(1)?.map(text)).toEqual(['x', '', 'w']);
    expect(node.get(2)?.map(text)).toEqual(['y']);
    expect(text(node.get(4)?.[0])).toBe('Gemm');
    const [integer, float] = node.get(5)?.map(inner) ?? [];
    expect([integer?.get(3), integer?.get(20)]).toEqual([[1n], [2n]]);
    expect([float?.get(2), float?.get(20)]).toEqual([[0.5], [1n]]);
  });

  it('leaves a weight in its file, and puts a constant into the model', () => {
    const [weight, constant] = graph.get(5)?.map(inner) ?? [];
    expect(weight?.get(1)).toEqual([2n, 3n]);
    expect([weight?.get(2), weight?.get(14), weight?.get(9)]).toEqual([[16n], [1n], undefined]);
    const entries = weight
      ?.get(13)
      ?.map((entry) => [1, 2].map((field) => text(inner(entry).get(field)?.[0])));
    expect(entries).toEqual([
      ['location', 'model.safetensors'],
      ['offset', '5000000000'],
      ['length', '12'],
    ]);
    expect([constant?.get(9), constant?.get(14)]).toEqual([[Uint8Array.of(0, 0, 128, 63)], undefined]);
  });

  it('names the sides of an input that are known only when the graph runs', () => {
    const type = inner(inner(inner(graph.get(11)?.[0]).get(2)?.[0]).get(1)?.[0]);
    expect(type.get(1)).toEqual([7n]);
    const sides = inner(type.get(2)?.[0]).get(1)?.map(inner) ?? [];
    expect([text(sides[0]?.get(2)?.[0]), sides[1]?.get(1)]).toEqual(['batch', [4n]]);
  });
});

describe('createGraph', () => {
  const output = { name: 'y', type: 'FLOAT', shape: ['n'] } as const;

  it('makes models that onnxruntime runs', async () => {
    const graph = createGraph();
    const x = graph.input({ name: 'x', type: 'FLOAT', shape: ['n'] });
    const [first, second] = graph.split(graph.reshape(x, [-1, 4]), [1, 3]);
    const sum = graph.add(graph.sum(second), graph.scale(first, 10));
    graph.output(graph.reshape(sum, [-1]), output);
    const session = await InferenceSession.create(graph.encode().bytes);
    const { y } = await session.run({
      x: new Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [8]),
    });
    expect(y?.data).toEqual(Float32Array.of(19, 71));
  });

  it('leaves out what no output needs', () => {
    const build = (extra: boolean) => {
      const graph = createGraph();
      const x = graph.input({ name: 'x', type: 'FLOAT', shape: ['n'] });
      const y = graph.shift(x, 1);
      if (extra) {
        const weight = { name: 'w', dtype: 'F32', shape: [9], file: 'f', offset: 0, length: 36 };
        graph.add(graph.softmax(y), graph.weight(weight));
      }
      graph.output(y, output);
      return (
        fields(inner(fields(graph.encode().bytes).get(7)?.[0]).get(1)?.[0] as Uint8Array).size +
        graph.encode().bytes.length
      );
    };
    expect(build(true) - build(false)).toBe(0);
  });

  it('keeps one constant of each value, and does not mix up constants and weights', () => {
    const graph = createGraph();
    expect(graph.floats([1, 2], [2])).toBe(graph.floats([1, 2], [2]));
    expect(graph.floats([1], [])).not.toBe(graph.floats([1], [1]));
    expect(graph.floats([1])).not.toBe(graph.integers([1], []));
    const named = { name: 'v0', dtype: 'F32', shape: [1], file: 'f', offset: 0, length: 4 };
    expect(graph.weight(named)).not.toBe(graph.floats([1, 2], [2]));
  });
});
