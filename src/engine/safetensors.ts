import { atlasError } from '../schema/errors/index.ts';
import type { TensorEntry } from './tensors.ts';

/** Bytes before the header: its length, uint64 little-endian. */
export const SAFETENSORS_PREAMBLE = 8;
/** The format's own bound (safetensors, MAX_HEADER_SIZE). */
const MAX_HEADER = 100_000_000;

/** Bytes of one number of each type of the format. */
const TYPE_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/**
 * The length of the JSON header, from the first 8 bytes of a file of `fileBytes` bytes.
 *
 * @throws AtlasError `weights-header-invalid`, `weights-truncated`
 */
export function headerLength(preamble: Uint8Array, file: string, fileBytes: number): number {
  if (preamble.length < SAFETENSORS_PREAMBLE) {
    throw atlasError('weights-truncated', { expected: SAFETENSORS_PREAMBLE, actual: fileBytes }, { file });
  }
  const view = new DataView(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER) throw invalid(file, `It claims to be ${length.toString()} bytes long.`);
  const end = SAFETENSORS_PREAMBLE + Number(length);
  if (end > fileBytes) throw atlasError('weights-truncated', { expected: end, actual: fileBytes }, { file });
  return Number(length);
}

/**
 * The tensors that a header lists, checked against the file's length.
 *
 * @param json the header's bytes
 * @param file the file's name in the checkpoint folder, which the entries carry
 * @throws AtlasError `weights-header-invalid`, `weights-truncated`
 */
export function parseSafetensorsHeader(
  json: Uint8Array,
  file: string,
  fileBytes: number,
): Map<string, TensorEntry> {
  const header = parseObject(json, file);
  const start = SAFETENSORS_PREAMBLE + json.length;
  const tensors = new Map<string, TensorEntry>();
  let end = start;
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, from, to } = tensorOf(value, name, file);
    tensors.set(name, { dtype, shape, file, offset: start + from, length: to - from });
    end = Math.max(end, start + to);
  }
  if (end > fileBytes) throw atlasError('weights-truncated', { expected: end, actual: fileBytes }, { file });
  return tensors;
}

function parseObject(json: Uint8Array, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw invalid(file, 'It is not JSON.', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, 'It is no JSON object.');
  return value as Record<string, unknown>;
}

function tensorOf(value: unknown, name: string, file: string) {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const bytes = typeof dtype === 'string' && Object.hasOwn(TYPE_BYTES, dtype) ? TYPE_BYTES[dtype] : undefined;
  if (typeof dtype !== 'string' || bytes === undefined) {
    throw invalid(file, `The tensor ${name} has the unknown type ${JSON.stringify(dtype)}.`);
  }
  if (!isCounts(shape)) throw invalid(file, `The tensor ${name} has no valid shape.`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw invalid(file, `The tensor ${name} has no valid offsets.`);
  const [from, to] = offsets as [number, number];
  const expected = shape.reduce((product, side) => product * side, bytes);
  if (to - from !== expected) {
    throw invalid(file, `The tensor ${name} has ${to - from} bytes where its shape takes ${expected}.`);
  }
  return { dtype, shape, from, to };
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && (count as number) >= 0)
  );
}

function invalid(file: string, reason: string, cause?: unknown): Error {
  return atlasError('weights-header-invalid', { reason }, { file }, cause);
}
