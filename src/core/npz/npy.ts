/** `values` of `shape` as a .npy file: NumPy's format 1.0, little-endian float32, C order. */
export function encodeNpy(shape: readonly number[], values: Float32Array): Uint8Array {
  const cells = shape.reduce((product, side) => product * side, 1);
  if (cells !== values.length)
    throw new RangeError(`Shape [${shape.join(', ')}] has not ${values.length} cells`);
  const header = npyHeader(shape);
  const file = new Uint8Array(header.length + values.byteLength);
  file.set(header);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length);
  return file;
}

/**
 * What stands before the numbers in a .npy file of `shape`.
 * Source: numpy/lib/format.py, "Format Version 1.0".
 */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`;
  const unpadded = 10 + dictionary.length + 1; // magic, version and length; the text; a newline
  const headerLength = Math.ceil(unpadded / 64) * 64;
  const text = `${dictionary.padEnd(headerLength - 11)}\n`;
  const header = new Uint8Array(headerLength);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY, version 1.0
  new DataView(header.buffer).setUint16(8, text.length, true);
  header.set(new TextEncoder().encode(text), 10);
  return header;
}
