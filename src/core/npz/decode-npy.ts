import { atlasError } from '../../schema/errors/index.ts';

/** An array of numbers in C order: the last axis moves first. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59); // \x93NUMPY
/** NumPy itself writes a few hundred bytes; what it reads by default ends here. */
const LONGEST_HEADER = 10_000;
/** As NumPy allows. */
const MOST_AXES = 64;
const HEADER =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/u;

/** Readers of one number, by NumPy's names of little-endian types. */
const TYPES: Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  '<f2': { bytes: 2, read: (view, at) => halfOf(view.getUint16(at, true)) },
  '<f4': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/**
 * Reads a .npy file of floating-point numbers, rounded to float32.
 * Source: numpy/lib/format.py, "Format Version 1.0" to "3.0".
 *
 * @throws AtlasError `npz-invalid` for any other type, and for a header that does not fit the bytes
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, end } = headerOf(bytes, view, name);
  const [, descr = '', order, sides = ''] = HEADER.exec(text) ?? [];
  if (order === undefined) throw invalid(name, 'has a header that is not understood');
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (type === undefined)
    throw invalid(name, `has the type ${descr}, and not ${Object.keys(TYPES).join(', ')}`);
  const shape = sides
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map(Number);
  const count = shape.reduce((product, side) => product * side, 1);
  if (shape.length > MOST_AXES || count * type.bytes !== bytes.length - end) {
    const held = bytes.length - end;
    throw invalid(
      name,
      `has the shape (${shape.slice(0, MOST_AXES).join(', ')}), and ${held} bytes of numbers`,
    );
  }
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) values[index] = type.read(view, end + index * type.bytes);
  return { shape, values: order === 'True' ? fromFortran(values, shape) : values };
}

function headerOf(bytes: Uint8Array, view: DataView, name: string): { text: string; end: number } {
  const version = bytes[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  const isNpy = bytes.length >= start && MAGIC.every((byte, at) => bytes[at] === byte);
  if (!isNpy || version < 1 || version > 3) throw invalid(name, 'is no .npy file');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const end = start + length;
  if (length > LONGEST_HEADER || end > bytes.length) throw invalid(name, `has a header of ${length} bytes`);
  return { text: new TextDecoder('latin1').decode(bytes.subarray(start, end)), end };
}

/** From the order in which the first axis moves first. */
function fromFortran(values: Float32Array, shape: readonly number[]): Float32Array {
  const ordered = new Float32Array(values.length);
  const index = shape.map(() => 0);
  for (const value of values) {
    ordered[index.reduce((at, coordinate, axis) => at * (shape[axis] ?? 1) + coordinate, 0)] = value;
    for (let axis = 0; axis < shape.length; axis++) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next % (shape[axis] ?? 1);
      if (next < (shape[axis] ?? 1)) break;
    }
  }
  return ordered;
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function invalid(name: string, what: string): Error {
  return atlasError('npz-invalid', { reason: `The array ${name} ${what}.` });
}
