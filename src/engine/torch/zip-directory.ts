import { atlasError } from '../../schema/errors/index.ts';

/** A file that is read in pieces. */
export interface ByteSource {
  /** The name inside the checkpoint folder. */
  readonly file: string;
  readonly size: number;
  /** @returns fewer bytes where the file ends before */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ZipEntry {
  readonly name: string;
  readonly headerOffset: number;
  /** The number of its bytes as they lie in the file. */
  readonly length: number;
  /** How many they are unpacked; as many where it is stored as it is. */
  readonly unpacked: number;
  /** 0: stored, 8: deflated; others as APPNOTE.TXT lists them. */
  readonly method: number;
  /** Of the unpacked bytes. */
  readonly crc32: number;
}

// Sizes and signatures of APPNOTE.TXT 6.3.10, PKWARE.
const END = { signature: 0x06054b50, size: 22 };
const END64 = { signature: 0x06064b50, size: 56 };
const LOCATOR64 = { signature: 0x07064b50, size: 20 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const utf8 = new TextDecoder();
const LONGEST_COMMENT = 0xffff;
const IN_ZIP64 = 0xffffffff;
/** A directory of a hundred thousand tensors with long names. */
const MOST_DIRECTORY = 64 * 2 ** 20;

/**
 * Lists the entries of a zip file.
 *
 * @throws AtlasError `weights-header-invalid`, `weights-truncated`
 */
export async function readZipDirectory(source: ByteSource): Promise<ZipEntry[]> {
  const { offset, length } = await findDirectory(source);
  if (length > MOST_DIRECTORY) throw invalid(source, `Its directory has ${length} bytes.`);
  const bytes = await readAll(source, offset, length);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + CENTRAL.size <= bytes.length;) {
    if (view.getUint32(at, true) !== CENTRAL.signature) throw invalid(source, 'Its directory is damaged.');
    const sides = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = sides;
    const end = at + CENTRAL.size + nameLength + extraLength + commentLength;
    if (end > bytes.length) throw invalid(source, 'Its directory is cut off.');
    const start = at + CENTRAL.size;
    const name = utf8.decode(bytes.subarray(start, start + nameLength));
    const extra = viewOf(bytes.subarray(start + nameLength, start + nameLength + extraLength));
    const fields = [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    const [unpacked = 0, length = 0, headerOffset = 0] = withZip64(fields, extra);
    if (headerOffset + length > source.size) throw truncated(source, headerOffset + length);
    const method = view.getUint16(at + 10, true);
    entries.push({ name, headerOffset, length, unpacked, method, crc32: view.getUint32(at + 16, true) });
    at = end;
  }
  return entries;
}

/** Where an entry's bytes begin: its local header says how long it is itself. */
export async function entryOffset(
  source: ByteSource,
  { name, headerOffset, length }: ZipEntry,
): Promise<number> {
  const view = viewOf(await readAll(source, headerOffset, LOCAL.size));
  if (view.getUint32(0, true) !== LOCAL.signature) throw invalid(source, `Its entry ${name} has no header.`);
  const offset = headerOffset + LOCAL.size + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + length > source.size) throw truncated(source, offset + length);
  return offset;
}

export async function readAll(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length < length) throw truncated(source, offset + length);
  return bytes;
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; length: number }> {
  const tail = Math.min(source.size, END.size + LONGEST_COMMENT);
  const bytes = await readAll(source, source.size - tail, tail);
  const view = viewOf(bytes);
  let at = bytes.length - END.size;
  while (at >= 0 && view.getUint32(at, true) !== END.signature) at--;
  if (at < 0) throw invalid(source, 'It is no zip file, or its end is missing.');
  const [length, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const found =
    offset === IN_ZIP64 || length === IN_ZIP64 ? await findZip64(source, bytes, at) : { offset, length };
  if (found.offset + found.length > source.size) throw truncated(source, found.offset + found.length);
  return found;
}

async function findZip64(source: ByteSource, bytes: Uint8Array, end: number) {
  const at = end - LOCATOR64.size;
  const view = viewOf(bytes);
  if (at < 0 || view.getUint32(at, true) !== LOCATOR64.signature)
    throw invalid(source, 'Its directory is missing.');
  const record = viewOf(await readAll(source, safe(view.getBigUint64(at + 8, true)), END64.size));
  if (record.getUint32(0, true) !== END64.signature) throw invalid(source, 'Its directory is missing.');
  return { offset: safe(record.getBigUint64(48, true)), length: safe(record.getBigUint64(40, true)) };
}

/** Replaces the fields that did not fit by those of the zip64 extra field, which has them in this order. */
function withZip64(fields: readonly number[], extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [kind, length] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    if (kind === 1) {
      let next = at + 4;
      const last = Math.min(next + length, extra.byteLength);
      return fields.map((field) => {
        if (field !== IN_ZIP64 || next + 8 > last) return field;
        next += 8;
        return safe(extra.getBigUint64(next - 8, true));
      });
    }
    at += 4 + length;
  }
  return [...fields];
}

/** Beyond the end of any file where it is beyond the numbers that are exact. */
function safe(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function invalid({ file }: ByteSource, reason: string): Error {
  return atlasError('weights-header-invalid', { reason }, { file });
}

function truncated({ file, size }: ByteSource, expected: number): Error {
  return atlasError('weights-truncated', { expected, actual: size }, { file });
}
