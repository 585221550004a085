import { atlasError } from '../../schema/errors/index.ts';

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** NumPy's name of the type, such as `<f4`. */
  readonly descr: string;
  /** The first axis moves first; in C order, the last does. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Numbers (or texts) in the array. */
  readonly count: number;
}

/** As many bytes are enough to know where the header ends; a file may be shorter than its last two. */
export const NPY_PREFIX_BYTES = 12;

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59); // \x93NUMPY
/** NumPy itself writes a few hundred bytes; what it reads by default ends here. */
const LONGEST_HEADER = 10_000;
/** As NumPy allows. */
const MOST_AXES = 64;
const HEADER =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/u;

/**
 * Where the text of the header lies: `[start, end)`. The numbers follow at `end`.
 * Source: numpy/lib/format.py, "Format Version 1.0" to "3.0".
 *
 * @param prefix the first bytes of the file
 * @throws AtlasError `npz-invalid`
 */
export function npyHeaderSpan(prefix: Uint8Array, name: string): { start: number; end: number } {
  const version = prefix[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  const isNpy = prefix.length >= start && MAGIC.every((byte, at) => prefix[at] === byte);
  if (!isNpy || version < 1 || version > 3) throw invalidArray(name, 'is no .npy file');
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) throw invalidArray(name, `has a header of ${length} bytes`);
  return { start, end: start + length };
}

/** @throws AtlasError `npz-invalid` for a text that NumPy does not write */
export function parseNpyHeader(text: Uint8Array, name: string): NpyHeader {
  const [, descr = '', order, sides = ''] = HEADER.exec(new TextDecoder('latin1').decode(text)) ?? [];
  if (order === undefined) throw invalidArray(name, 'has a header that is not understood');
  const shape = sides
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map(Number);
  const count = shape.reduce((product, side) => product * side, 1);
  if (shape.length > MOST_AXES) throw invalidArray(name, `has ${shape.length} axes`);
  return { descr, isFortran: order === 'True', shape, count };
}

/**
 * @param bytesEach of one number
 * @param held bytes of the numbers
 * @throws AtlasError `npz-invalid` where they are not as many as the shape says
 */
export function checkHeld({ shape, count }: NpyHeader, bytesEach: number, held: number, name: string): void {
  if (count * bytesEach === held) return;
  throw invalidArray(name, `has the shape (${shape.join(', ')}), and ${held} bytes of numbers`);
}

export function invalidArray(name: string, what: string): Error {
  return atlasError('npz-invalid', { reason: `The array ${name} ${what}.` });
}
