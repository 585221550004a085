import type { Attribute } from './onnx.ts';

/** A tensor that flows through the graph; made by the builder only. */
export type Value = string & { readonly brand: 'value' };

type Attributes = Readonly<Record<string, Attribute>>;

/** What every operation is made of. */
export interface Core {
  /** One operator of ONNX's default domain; empty strings stand for inputs that are left out. */
  readonly op: (type: string, inputs: readonly (Value | '')[], attributes?: Attributes) => Value;
  /** An operator with several outputs. */
  readonly ops: (
    type: string,
    inputs: readonly (Value | '')[],
    outputs: number,
    attributes?: Attributes,
  ) => Value[];
  readonly floats: (values: ArrayLike<number>, shape?: readonly number[]) => Value;
  readonly integers: (values: readonly number[], shape?: readonly number[]) => Value;
}

/** ONNX operators under the names and with the arguments that a model's formula has. Axes count from 0, or from -1 backwards. */
export interface Operations {
  add(a: Value, b: Value): Value;
  subtract(a: Value, b: Value): Value;
  multiply(a: Value, b: Value): Value;
  divide(a: Value, b: Value): Value;
  /** x times a number; x itself where that is 1. */
  scale(x: Value, factor: number): Value;
  /** x plus a number. */
  shift(x: Value, amount: number): Value;
  matmul(a: Value, b: Value): Value;
  /** 0 keeps a side, -1 is what remains; or a vector int64 that is known when the graph runs. */
  reshape(x: Value, shape: readonly number[] | Value): Value;
  transpose(x: Value, axes: readonly number[]): Value;
  concat(parts: readonly Value[], axis: number): Value;
  split<const S extends readonly number[]>(x: Value, sizes: S, axis?: number): { [K in keyof S]: Value };
  /** From `from` up to, without, `to`. */
  slice(x: Value, axis: number, from: number, to: number): Value;
  gather(x: Value, indices: Value, axis?: number): Value;
  softmax(x: Value): Value;
  sigmoid(x: Value): Value;
  /** Over the last axis, which stays with the length 1. */
  sum(x: Value): Value;
  mean(x: Value): Value;
  /** As float32. */
  toFloat(x: Value): Value;
}

export function operations(core: Core): Operations {
  const { op, ops, floats, integers } = core;
  const binary = (type: string) => (a: Value, b: Value) => op(type, [a, b]);
  const unary = (type: string) => (x: Value) => op(type, [x]);
  const overLast = (type: string) => (x: Value) => op(type, [x, integers([-1])], { keepdims: { int: 1 } });
  return {
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide: binary('Div'),
    scale: (x, factor) => (factor === 1 ? x : op('Mul', [x, floats([factor])])),
    shift: (x, amount) => op('Add', [x, floats([amount])]),
    matmul: binary('MatMul'),
    reshape: (x, shape) => op('Reshape', [x, typeof shape === 'string' ? shape : integers(shape)]),
    transpose: (x, axes) => op('Transpose', [x], { perm: { ints: axes } }),
    concat: (parts, axis) => op('Concat', parts, { axis: { int: axis } }),
    split<const S extends readonly number[]>(x: Value, sizes: S, axis = -1) {
      const parts =
        sizes.length === 1 ? [x] : ops('Split', [x, integers(sizes)], sizes.length, { axis: { int: axis } });
      return parts as { [K in keyof S]: Value };
    },
    slice: (x, axis, from, to) => op('Slice', [x, integers([from]), integers([to]), integers([axis])]),
    gather: (x, indices, axis = 0) => op('Gather', [x, indices], { axis: { int: axis } }),
    softmax: (x) => op('Softmax', [x], { axis: { int: -1 } }),
    sigmoid: unary('Sigmoid'),
    sum: overLast('ReduceSum'),
    mean: overLast('ReduceMean'),
    toFloat: (x) => op('Cast', [x], { to: { int: 1 } }),
  };
}
