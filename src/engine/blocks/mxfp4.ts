import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { DATA_TYPES } from '../graph/onnx.ts';
import type { Scope } from '../scope.ts';

// MXFP4 (OCP Microscaling Formats 1.0): numbers of four bits, 32 of which share a power of two.

/** Numbers that share a factor. */
const GROUP = 32;
/** E2M1, the sign in the highest bit. */
const HALVES = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];
/** What is taken from an exponent of eight bits. */
const BIAS = 127;
const BYTES = ['U8'];

interface Mxfp4 {
  readonly experts: number;
  readonly outputs: number;
  /** A multiple of 32. */
  readonly inputs: number;
}

/** Whether the matrices `NAME` are stored so. */
export function isMxfp4(scope: Scope, name: string): boolean {
  return scope.has(`${name}_blocks`);
}

/** One expert's matrix of `NAME_blocks` and `NAME_scales`, float32 `[outputs, inputs]`. */
export function mxfp4(scope: Scope, name: string, index: number, { experts, outputs, inputs }: Mxfp4): Value {
  const { graph } = scope;
  const groups = inputs / GROUP;
  const blocks = scope.tensor(`${name}_blocks`, [experts, outputs, groups, GROUP / 2], BYTES);
  const scales = scope.tensor(`${name}_scales`, [experts, outputs, groups], BYTES);
  const here = placeOf(scope, index);
  const pick = (whole: Value, shape: readonly number[]) => {
    const bytes = graph.reshape(graph.gather(whole, here), shape);
    return graph.op('Cast', [bytes], { to: { int: DATA_TYPES.INT32 } });
  };
  const pairs = graph.gather(byteTable(graph), pick(graph.stored(blocks), [outputs, groups, GROUP / 2]));
  const numbers = graph.reshape(pairs, [outputs, groups, GROUP]);
  const factors = graph.gather(powerTable(graph), pick(graph.stored(scales), [outputs, groups, 1]));
  return graph.reshape(graph.multiply(numbers, factors), [outputs, inputs]);
}

/**
 * The expert's number as int64 `[1]`, made of the text's length, so that it is not known before the graph runs: else
 * onnxruntime would widen every expert when it loads the model, to eight times the size of its file.
 */
function placeOf({ graph, sequence }: Scope, index: number): Value {
  return graph.op('Add', [graph.op('Mul', [sequence.length, graph.integers([0])]), graph.integers([index])]);
}

/** The two numbers of each byte, the lower half first: `[256, 2]`. */
function byteTable(graph: GraphBuilder): Value {
  const numbers = Array.from({ length: 256 }, (_, byte) => [HALVES[byte & 15] ?? 0, HALVES[byte >> 4] ?? 0]);
  return graph.floats(numbers.flat(), [256, 2]);
}

/** `[256]` */
function powerTable(graph: GraphBuilder): Value {
  return graph.floats(
    Array.from({ length: 256 }, (_, exponent) => 2 ** (exponent - BIAS)),
    [256],
  );
}
