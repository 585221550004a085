import { open } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { decodeNpy, type NumberArray } from '../../src/core/npz/decode-npy.ts';
import {
  entryOffset,
  readAll,
  readZipDirectory,
  type ByteSource,
  type ZipEntry,
} from '../../src/engine/torch/zip-directory.ts';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import { fileSource } from '../file-source.ts';

const STORED = 0;
const DEFLATED = 8;
/** Bytes of one array: an hour of sound at 16 kHz as float64 has 460 MB. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * The arrays of these names that an npz file holds. No more than what its directory says is unpacked.
 *
 * @throws AtlasError `unreadable`, `npz-invalid`
 */
export async function readNpz(path: string, names: readonly string[]): Promise<Map<string, NumberArray>> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
  });
  try {
    return await readArrays(fileSource(file, path, (await file.stat()).size), names);
  } finally {
    await file.close();
  }
}

/** The same of bytes that are read in pieces. */
export async function readArrays(
  source: ByteSource,
  names: readonly string[],
): Promise<Map<string, NumberArray>> {
  try {
    const arrays = new Map<string, NumberArray>();
    for (const entry of await readZipDirectory(source)) {
      const name = names.find((each) => entry.name === `${each}.npy`);
      if (name === undefined) continue;
      if (arrays.has(name)) throw invalid(`The array ${name} is there twice`);
      arrays.set(name, decodeNpy(await unpack(source, entry), name));
    }
    return arrays;
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    const reason = error.code === 'weights-truncated' ? 'It was cut off.' : error.explanation.why;
    throw atlasError('npz-invalid', { reason }, { file: source.file }, error);
  }
}

async function unpack(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const { name, method, length, unpacked } = entry;
  if (method !== STORED && method !== DEFLATED) throw invalid(`Its entry ${name} has the method ${method}`);
  if (length > MOST_BYTES || unpacked > MOST_BYTES) throw invalid(`Its entry ${name} has ${unpacked} bytes`);
  const bytes = await readAll(source, await entryOffset(source, entry), length);
  const content = method === STORED ? bytes : inflate(bytes, entry);
  if (content.length !== unpacked || crc32(content) !== entry.crc32) {
    throw invalid(`Its entry ${name} is damaged`);
  }
  return content;
}

function inflate(bytes: Uint8Array, { name, unpacked }: ZipEntry): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, unpacked) });
  } catch (error) {
    throw invalid(`Its entry ${name} cannot be unpacked: ${(error as Error).message}`);
  }
}

function invalid(reason: string): Error {
  return atlasError('npz-invalid', { reason: `${reason}.` });
}
