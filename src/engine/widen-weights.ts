import { toFloat32 } from '../core/npz/number-types.ts';
import type { TensorEntry, TensorIndex } from './tensors.ts';

/** Weights and where each tensor lies in them. */
export interface Weights {
  readonly index: TensorIndex;
  /** Bytes of each file by its name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Room before the first tensor: a graph may read a few numbers that stand before one. */
const PREAMBLE = 64;
/** Where tensors may begin. */
const ALIGNMENT = 8;

/**
 * The same weights with half-precision tensors as float32, for WebGPU: many devices have no float16, and none has
 * bfloat16. No value changes: float32 holds each of them exactly. Tensors of other types stay as they are.
 */
export function widenWeights({ index, files }: Weights): Weights {
  const widened = new Map<string, TensorEntry>();
  const written = new Map<string, Uint8Array>();
  for (const [file, bytes] of files) {
    const parts: Uint8Array[] = [new Uint8Array(PREAMBLE)];
    let end = PREAMBLE;
    for (const [name, entry] of index) {
      if (entry.file !== file) continue;
      const part = float32Bytes(entry, bytes.subarray(entry.offset, entry.offset + entry.length));
      const dtype = isHalf(entry) ? 'F32' : entry.dtype;
      widened.set(name, { ...entry, dtype, offset: end, length: part.length });
      const padding = new Uint8Array(-part.length & (ALIGNMENT - 1));
      parts.push(part, padding);
      end += part.length + padding.length;
    }
    written.set(file, joined(parts, end));
  }
  return { index: widened, files: written };
}

function isHalf({ dtype }: TensorEntry): boolean {
  return dtype === 'F16' || dtype === 'BF16';
}

function float32Bytes(entry: TensorEntry, bytes: Uint8Array): Uint8Array {
  if (!isHalf(entry)) return bytes;
  return new Uint8Array(
    (entry.dtype === 'F16' ? toFloat32(bytes, '<f2', entry.file) : ofBfloat16(bytes)).buffer,
  );
}

/** A bfloat16 is the first half of a float32. */
function ofBfloat16(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at, true) << 16);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
