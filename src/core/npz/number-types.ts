import { invalidArray } from './npy-header.ts';

/** A type of floating-point number as NumPy stores it. */
export interface NumberType {
  /** As people call it: `float16`. */
  readonly name: string;
  readonly bytes: 2 | 4 | 8;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

/** By NumPy's name without its first character, which tells the order of the bytes. */
const TYPES: Readonly<Record<string, NumberType>> = {
  f2: { name: 'float16', bytes: 2, read: (view, at, little) => halfOf(view.getUint16(at, little)) },
  f4: { name: 'float32', bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { name: 'float64', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/**
 * The type that a header names.
 *
 * @param descr such as `<f4`, little-endian, or `>f8`, big-endian
 * @throws AtlasError `npz-invalid` for any that is not floating-point
 */
export function numberType(descr: string, name: string): NumberType {
  const type = TYPES[descr.slice(1)];
  if (type !== undefined && Object.hasOwn(TYPES, descr.slice(1)) && /^[<>]/u.test(descr)) return type;
  throw invalidArray(name, `has the type ${descr}, and not ${Object.keys(TYPES).join(', ')}`);
}

/** Numbers of `descr`, rounded to float32; as many as the bytes hold. */
export function toFloat32(bytes: Uint8Array, descr: string, name: string): Float32Array {
  const type = numberType(descr, name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = descr.startsWith('<');
  const values = new Float32Array(Math.floor(bytes.length / type.bytes));
  for (let at = 0; at < values.length; at++) values[at] = type.read(view, at * type.bytes, isLittle);
  return values;
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
