import { fromFortran } from '../../src/core/npz/decode-npy.ts';
import {
  checkHeld,
  invalidArray,
  NPY_PREFIX_BYTES,
  npyHeaderSpan,
  parseNpyHeader,
  type NpyHeader,
} from '../../src/core/npz/npy-header.ts';
import { numberType, toFloat32 } from '../../src/core/npz/number-types.ts';
import type { ZipEntry } from '../../src/engine/torch/zip-directory.ts';
import type { ByteQueue } from './byte-queue.ts';
import type { NpzFile } from './open-npz.ts';
import { readMember } from './read-member.ts';

/** One layer's patterns in an npz file. */
export interface PatternArray {
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  /** As people call it: `float16`. */
  readonly dtype: string;
}

/** The most that is held of an array at once: one head in C order, all in Fortran's. */
const MOST_BYTES = 2 ** 30;

/**
 * Reads one layer's patterns head by head, of which one is in memory at a time.
 *
 * @param name of the array, without `.npy`: `[1, heads, rows, columns]` or `[heads, rows, columns]`
 * @param begin gets the shape before anything else is read, and may throw to refuse it
 * @param visit gets each head's pattern, dense `[rows, columns]`, rounded to float32
 * @throws AtlasError `npz-invalid`; what was visited before may be of a damaged file
 */
export async function readPatternHeads(
  { source }: Pick<NpzFile, 'source'>,
  name: string,
  entry: ZipEntry,
  begin: (shape: PatternArray) => void,
  visit: (head: number, values: Float32Array) => void | Promise<void>,
): Promise<void> {
  await readMember(source, entry, async (bytes) => {
    const { header, length } = await readHeader(bytes, name);
    const type = numberType(header.descr, name);
    const { heads, rows, columns } = sidesOf(header, name);
    checkHeld(header, type.bytes, entry.unpacked - length, name);
    const cells = rows * columns;
    const atOnce = cells * type.bytes * (header.isFortran ? heads : 1);
    if (atOnce > MOST_BYTES) {
      throw invalidArray(
        name,
        `needs ${atOnce} bytes of memory at once, more than the ${MOST_BYTES} allowed`,
      );
    }
    begin({ heads, rows, columns, dtype: type.name });
    if (header.isFortran) {
      const all = toFloat32(await bytes.take(atOnce), header.descr, name);
      const ordered = fromFortran(all, header.shape);
      for (let head = 0; head < heads; head++) {
        await visit(head, ordered.subarray(head * cells, (head + 1) * cells));
      }
      return;
    }
    for (let head = 0; head < heads; head++) {
      const part = await bytes.take(cells * type.bytes);
      if (part.length < cells * type.bytes) throw invalidArray(name, 'is cut off');
      await visit(head, toFloat32(part, header.descr, name));
    }
  });
}

async function readHeader(bytes: ByteQueue, name: string): Promise<{ header: NpyHeader; length: number }> {
  const prefix = await bytes.take(NPY_PREFIX_BYTES);
  const { start, end } = npyHeaderSpan(prefix, name);
  if (end < NPY_PREFIX_BYTES) throw invalidArray(name, 'has a header that is not understood');
  const text = Buffer.concat([prefix.subarray(start), await bytes.take(end - NPY_PREFIX_BYTES)]);
  if (text.length < end - start) throw invalidArray(name, 'ends inside its header');
  return { header: parseNpyHeader(text, name), length: end };
}

function sidesOf({ shape }: NpyHeader, name: string): { heads: number; rows: number; columns: number } {
  const sides = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [heads = 0, rows = 0, columns = 0] = sides;
  if (sides.length === 3 && heads > 0 && rows > 0 && columns > 0) return { heads, rows, columns };
  const batch = shape.length === 4 ? ': one prompt a file, not a batch' : '';
  throw invalidArray(name, `has the shape (${shape.join(', ')}), and not (1, heads, n, n)${batch}`);
}
