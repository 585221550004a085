/** Numbers of a checkpoint's tensor, little-endian. */
export function storedFloats(dtype: string, buffer: ArrayBuffer): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return Float32Array.from(new Float16Array(buffer));
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
    default:
      throw new Error(`the test reads no ${dtype}`);
  }
}
