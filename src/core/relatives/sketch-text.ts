const SCALE_BYTES = 4;
const STEPS = 127;

/**
 * A sketch as text: base64 of a scale, float32, little-endian, and of each number as a whole one of 8 bits, in units of it. What that
 * is off by is far below what a sketch is.
 */
export function encodeSketch(values: Float32Array): string {
  const scale = Math.fround(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / STEPS);
  const view = new DataView(new ArrayBuffer(SCALE_BYTES + values.length));
  view.setFloat32(0, scale, true);
  for (const [at, value] of values.entries()) {
    view.setInt8(
      SCALE_BYTES + at,
      scale === 0 ? 0 : Math.max(-STEPS, Math.min(STEPS, Math.round(value / scale))),
    );
  }
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

/** The inverse of `encodeSketch`, but for what it rounded. */
export function decodeSketch(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const scale = view.getFloat32(0, true);
  return Float32Array.from(
    { length: bytes.length - SCALE_BYTES },
    (_, at) => scale * view.getInt8(SCALE_BYTES + at),
  );
}
