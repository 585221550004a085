import { checkHeld, invalidArray, npyHeaderSpan, parseNpyHeader, type NpyHeader } from './npy-header.ts';
import { numberType, toFloat32 } from './number-types.ts';

/** An array of numbers in C order: the last axis moves first. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Reads a .npy file of floating-point numbers, rounded to float32.
 *
 * @throws AtlasError `npz-invalid` for any other type, and for a header that does not fit the bytes
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumberArray {
  const { header, data } = openNpy(bytes, name);
  const { descr, shape, isFortran } = header;
  checkHeld(header, numberType(descr, name).bytes, data.length, name);
  const values = toFloat32(data, descr, name);
  return { shape, values: isFortran ? fromFortran(values, shape) : values };
}

/**
 * Reads a .npy file of texts (NumPy's type `U`), without the zeros that fill each up to the longest.
 *
 * @throws AtlasError `npz-invalid`
 */
export function decodeTexts(bytes: Uint8Array, name: string): { shape: readonly number[]; texts: string[] } {
  const { header, data } = openNpy(bytes, name);
  const [, order, length] = /^([<>])U(\d+)$/u.exec(header.descr) ?? [];
  if (order === undefined) throw invalidArray(name, `has the type ${header.descr}, and is no array of texts`);
  const each = Number(length) * 4; // UTF-32
  checkHeld(header, each, data.length, name);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const texts = Array.from({ length: header.count }, (_, index) => {
    let text = '';
    for (let at = index * each; at < (index + 1) * each; at += 4) {
      const point = view.getUint32(at, order === '<');
      if (point > 0x10ffff) throw invalidArray(name, 'holds what is no character');
      text += String.fromCodePoint(point);
    }
    return text.replace(/\0+$/u, '');
  });
  return { shape: header.shape, texts };
}

function openNpy(bytes: Uint8Array, name: string): { header: NpyHeader; data: Uint8Array } {
  const { start, end } = npyHeaderSpan(bytes, name);
  if (end > bytes.length) throw invalidArray(name, `has a header of ${end - start} bytes`);
  return { header: parseNpyHeader(bytes.subarray(start, end), name), data: bytes.subarray(end) };
}

/** From the order in which the first axis moves first. */
export function fromFortran(values: Float32Array, shape: readonly number[]): Float32Array {
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
