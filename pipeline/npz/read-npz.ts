import { decodeNpy, type NumberArray } from '../../src/core/npz/decode-npy.ts';
import type { ByteSource, ZipEntry } from '../../src/engine/torch/zip-directory.ts';
import { invalidNpz, listArrays, placed, withNpz } from './open-npz.ts';
import { readMember } from './read-member.ts';

/** Bytes of one array: an hour of sound at 16 kHz as float64 has 460 MB. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * The arrays of these names that an npz file holds. No more than what its directory says is unpacked.
 *
 * @throws AtlasError `unreadable`, `npz-invalid`
 */
export async function readNpz(path: string, names: readonly string[]): Promise<Map<string, NumberArray>> {
  return withNpz(path, ({ source, arrays }) => arraysOf(source, arrays, names));
}

/** The same of bytes that are read in pieces. */
export async function readArrays(
  source: ByteSource,
  names: readonly string[],
): Promise<Map<string, NumberArray>> {
  return placed(source.file, async () => arraysOf(source, await listArrays(source), names));
}

async function arraysOf(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  names: readonly string[],
): Promise<Map<string, NumberArray>> {
  const arrays = new Map<string, NumberArray>();
  for (const name of names) {
    const entry = entries.get(name);
    if (entry !== undefined) arrays.set(name, decodeNpy(await readWhole(source, entry), name));
  }
  return arrays;
}

/**
 * All bytes of an entry.
 *
 * @throws AtlasError `npz-invalid`, for more than `most` bytes too
 */
export async function readWhole(source: ByteSource, entry: ZipEntry, most = MOST_BYTES): Promise<Uint8Array> {
  const { name, unpacked } = entry;
  if (unpacked > most) throw invalidNpz(`Its entry ${name} has ${unpacked} bytes.`, { tensor: name });
  return readMember(source, entry, (bytes) => bytes.take(unpacked));
}
