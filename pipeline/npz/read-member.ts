import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import {
  entryOffset,
  readAll,
  type ByteSource,
  type ZipEntry,
} from '../../src/engine/torch/zip-directory.ts';
import { AtlasError } from '../../src/schema/errors/index.ts';
import { ByteQueue } from './byte-queue.ts';
import { invalidNpz } from './open-npz.ts';

const STORED = 0;
const DEFLATED = 8;
const CHUNK = 1 << 18;
/** The most bytes that one byte of deflate can stand for. */
const DEFLATE_RATIO = 1032;

/**
 * Unpacks one entry of a zip file while it is read, chunk by chunk, never beyond what the directory says.
 *
 * @param consume takes what it needs; the checksum is known once it has returned, so its result is not to be trusted
 *   before this function returns
 * @throws AtlasError `npz-invalid` for an entry that is damaged or not as long as the directory says
 */
export async function readMember<T>(
  source: ByteSource,
  entry: ZipEntry,
  consume: (bytes: ByteQueue) => Promise<T>,
): Promise<T> {
  const { name, method, length, unpacked } = entry;
  if (method !== STORED && method !== DEFLATED) {
    throw invalidNpz(`Its entry ${name} has the method ${method}.`, { tensor: name });
  }
  if (unpacked > (method === STORED ? length : length * DEFLATE_RATIO)) {
    throw invalidNpz(`Its entry ${name} claims ${unpacked} bytes out of ${length}.`, { tensor: name });
  }
  const packed = chunksOf(source, await entryOffset(source, entry), length);
  let result: { readonly value: T } | undefined;
  const take = async (chunks: AsyncIterable<Uint8Array>) => {
    const queue = new ByteQueue(checked(chunks, entry));
    const value = await consume(queue);
    await queue.drain();
    result = { value };
  };
  try {
    if (method === STORED) await take(packed);
    else await pipeline(packed, createInflateRaw({ chunkSize: CHUNK }), take);
  } catch (error) {
    if (error instanceof AtlasError || !isZlibError(error)) throw error;
    throw invalidNpz(`Its entry ${name} cannot be unpacked: ${error.message}.`, { tensor: name }, error);
  }
  if (result === undefined) throw new RangeError(`The entry ${name} was not read`);
  return result.value;
}

async function* chunksOf(source: ByteSource, offset: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += CHUNK) {
    yield await readAll(source, offset + at, Math.min(CHUNK, length - at));
  }
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  { name, unpacked, crc32: expected }: ZipEntry,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  let sum = 0;
  for await (const chunk of chunks) {
    count += chunk.length;
    if (count > unpacked) break;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (count !== unpacked || sum !== expected) {
    throw invalidNpz(`Its entry ${name} is damaged.`, { tensor: name });
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}
