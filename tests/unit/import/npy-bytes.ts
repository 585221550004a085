import { zipSync } from 'fflate';

/** A .npy file of version 1.0 that claims this type, order and shape, with these bytes behind the header. */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  data: Uint8Array,
  isFortran = false,
): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = isFortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }\n`;
  const length = Uint8Array.of(text.length & 255, text.length >> 8);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text), data]);
}

/** Numbers as NumPy stores them; `float16` takes those that it holds exactly. */
export function numberBytes(values: Float32Array, descr: string): Uint8Array {
  const each = Number(descr.slice(2));
  const bytes = new Uint8Array(values.length * each);
  const view = new DataView(bytes.buffer);
  const isLittle = descr.startsWith('<');
  for (const [index, value] of values.entries()) {
    if (each === 8) view.setFloat64(index * 8, value, isLittle);
    else if (each === 4) view.setFloat32(index * 4, value, isLittle);
    else view.setUint16(index * 2, halfBits(value), isLittle);
  }
  return bytes;
}

/** Binary16 of 0 or a power of two from 1/2 to 2⁻¹⁴, or 1. */
function halfBits(value: number): number {
  return value === 0 ? 0 : (15 + Math.log2(value)) << 10;
}

/** An array of texts, NumPy's type `U`. */
export function textArray(texts: readonly string[], shape: readonly number[] = [texts.length]): Uint8Array {
  const longest = Math.max(1, ...texts.map((text) => [...text].length));
  const data = Buffer.alloc(texts.length * longest * 4);
  for (const [index, text] of texts.entries()) {
    for (const [at, character] of [...text].entries()) {
      data.writeUInt32LE(character.codePointAt(0) ?? 0, (index * longest + at) * 4);
    }
  }
  return npyBytes(`<U${longest}`, shape, data);
}

/** A zip of .npy files by the names of their arrays. */
export function npzBytes(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])));
}
