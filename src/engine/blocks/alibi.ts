import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/**
 * Slopes of attention with linear biases (Press et al. 2022): a geometric series for a power of two heads, and every
 * second one of the next power's for the heads beyond.
 *
 * @param most the exponent of the last slope of a power of two: 2^-8
 */
export function alibiSlopes(heads: number, most = 8): Float32Array {
  const power = 2 ** Math.floor(Math.log2(heads));
  const series = (count: number, step: number) =>
    Array.from(
      { length: count },
      (_, index) => 2 ** ((-most * (step * index + 1)) / (step === 1 ? power : 2 * power)),
    );
  return Float32Array.from([...series(power, 1), ...series(heads - power, 2)]);
}

/** slope * key position, `[heads, 1, n]`: what differs from slope * distance is the same in a row, and the softmax cancels it. */
export function alibiBias({ graph, sequence }: Scope, slopes: Float32Array): Value {
  const keys = graph.toFloat(sequence.positions); // [n]
  return graph.multiply(keys, graph.floats(slopes, [slopes.length, 1, 1]));
}

/** The slopes in MPT's order: of the next power of two, every second one first, where heads are no power of two. */
export function mptSlopes(heads: number): Float32Array {
  const power = 2 ** Math.ceil(Math.log2(heads));
  const slopes = Array.from({ length: power }, (_, index) => 2 ** ((-8 * (index + 1)) / power));
  const isOdd = (_: number, index: number) => index % 2 === 1;
  const ordered =
    power === heads
      ? slopes
      : [...slopes.filter(isOdd), ...slopes.filter((slope, index) => !isOdd(slope, index))];
  return Float32Array.from(ordered.slice(0, heads));
}

/** The nearest bfloat16, ties to even. */
export function toBfloat16(values: Float32Array): Float32Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  return new Float32Array(bits.map((bit) => ((bit + 0x7fff + ((bit >>> 16) & 1)) & 0xffff0000) >>> 0).buffer);
}
