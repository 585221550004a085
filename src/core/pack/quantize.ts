import type { Precision } from '../../schema/precision.ts';

/** Turns packed cells (probabilities, 0..1) into bytes and back. `bytesPerCell` is 1 or 4. */
interface CellCode {
  readonly bytesPerCell: 1 | 4;
  /** The bytes, and the largest absolute difference between `cells` and what `decode` gives back for them. */
  encode(cells: Float32Array): { readonly bytes: Uint8Array; readonly error: number };
  decode(bytes: Uint8Array): Float32Array;
}

function eightBit(compress: (value: number) => number, expand: (code: number) => number): CellCode {
  const table = Float32Array.from({ length: 256 }, (_, code) => expand(code / 255));
  return {
    bytesPerCell: 1,
    encode(cells) {
      const bytes = new Uint8Array(cells.length);
      let error = 0;
      for (let at = 0; at < bytes.length; at++) {
        const cell = cells[at] ?? 0;
        const code = Math.round(compress(Math.min(1, Math.max(0, cell))) * 255);
        bytes[at] = code;
        error = Math.max(error, Math.abs(cell - (table[code] ?? 0)));
      }
      return { bytes, error };
    },
    decode(codes) {
      const cells = new Float32Array(codes.length);
      for (let at = 0; at < cells.length; at++) cells[at] = table[codes[at] ?? 0] ?? 0;
      return cells;
    },
  };
}

/**
 * Float32, split into four planes (all lowest bytes first, ..., all highest bytes last): the sign and exponent
 * bytes of neighbours are alike, and only beside each other do they compress.
 */
const float32Planes: CellCode = {
  bytesPerCell: 4,
  encode(cells) {
    const raw = new Uint32Array(cells.buffer, cells.byteOffset, cells.length);
    const planes = new Uint8Array(cells.length * 4);
    for (let i = 0; i < cells.length; i++) {
      const bits = raw[i] ?? 0;
      planes[i] = bits & 255;
      planes[cells.length + i] = (bits >>> 8) & 255;
      planes[2 * cells.length + i] = (bits >>> 16) & 255;
      planes[3 * cells.length + i] = bits >>> 24;
    }
    return { bytes: planes, error: 0 };
  },
  decode(planes) {
    const count = planes.length / 4;
    const cells = new Float32Array(count);
    const bits = new Uint32Array(cells.buffer);
    for (let i = 0; i < count; i++) {
      bits[i] =
        (planes[i] ?? 0) |
        ((planes[count + i] ?? 0) << 8) |
        ((planes[2 * count + i] ?? 0) << 16) |
        ((planes[3 * count + i] ?? 0) << 24);
    }
    return cells;
  },
};

export const cellCodes: Readonly<Record<Precision, CellCode>> = {
  compact: eightBit(
    (value) => value,
    (code) => code,
  ),
  fine: eightBit(Math.sqrt, (code) => code * code),
  exact: float32Planes,
};
