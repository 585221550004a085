/*
 * What the search sorts by. Pagefind's own sort keys are fixed when it indexes, and any of them costs every visitor of
 * the search; these columns are fetched when somebody sorts. Entry i of each is about prompt i of `index.json`.
 */

/** No head. */
const NONE = 0xffffffff;

/** By prompt: a number, and the head that it was seen on. */
export interface SearchColumn {
  /** NaN where there is none. */
  readonly values: Float32Array;
  /** Position of the head among those that `headsOfModels` lists; undefined in a column that is not about heads. */
  readonly heads?: Uint32Array | undefined;
}

/** The names that Pagefind gives to prompts, as numbers: hexadecimal digits behind the language. */
export function fragmentNumber(id: string): number {
  const digits = id.slice(id.lastIndexOf('_') + 1);
  if (!/^[0-9a-f]{1,13}$/u.test(digits)) throw new RangeError(`Pagefind named a prompt "${id}"`);
  return Number.parseInt(digits, 16);
}

/** The numbers of `fragmentNumber`, a prompt each: uint32 where all fit, else float64, which holds all; little-endian. */
export function encodeIds(ids: readonly string[]): Uint8Array<ArrayBuffer> {
  const numbers = ids.map(fragmentNumber);
  const isShort = numbers.every((number) => number <= 0xffffffff);
  return new Uint8Array((isShort ? Uint32Array.from(numbers) : Float64Array.from(numbers)).buffer);
}

/**
 * @param count prompts
 * @returns by number of the fragment, the position of its prompt
 * @throws RangeError where the file is of another length
 */
export function decodeIds(file: Uint8Array, count: number): Map<number, number> {
  const size = file.byteLength === 4 * count ? 4 : 8;
  if (file.byteLength !== size * count) throw new RangeError('A column of the search is cut off.');
  const buffer = aligned(file);
  const numbers = size === 4 ? new Uint32Array(buffer) : new Float64Array(buffer);
  return new Map(Array.from(numbers, (number, at) => [number, at]));
}

/** float32 a prompt, then, in a column about heads, uint32 a prompt; little-endian. */
export function encodeColumn({ values, heads }: SearchColumn): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(values.byteLength + (heads?.byteLength ?? 0));
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (heads !== undefined)
    file.set(new Uint8Array(heads.buffer, heads.byteOffset, heads.byteLength), values.byteLength);
  return file;
}

/**
 * @param count prompts
 * @throws RangeError where the file is of another length
 */
export function decodeColumn(file: Uint8Array, count: number): SearchColumn {
  const hasHeads = file.byteLength === 8 * count;
  if (!hasHeads && file.byteLength !== 4 * count) throw new RangeError('A column of the search is cut off.');
  const buffer = aligned(file);
  return {
    values: new Float32Array(buffer, 0, count),
    ...(hasHeads ? { heads: new Uint32Array(buffer, 4 * count, count) } : {}),
  };
}

/** A column of each prompt's strongest head; null for a prompt that has none. */
export function headColumn(
  entries: readonly ({ readonly value: number; readonly head: number } | null)[],
): SearchColumn {
  return {
    values: Float32Array.from(entries, (entry) => entry?.value ?? NaN),
    heads: Uint32Array.from(entries, (entry) => entry?.head ?? NONE),
  };
}

/** The prompts' positions in `column`, ordered by value; those without one come last, in their own order. */
export function byColumn(
  positions: readonly number[],
  { values }: SearchColumn,
  direction: 'ascending' | 'descending',
): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const keyOf = (position: number) => {
    const value = values[position] ?? NaN;
    return Number.isNaN(value) ? Infinity : sign * value;
  };
  return positions.toSorted((a, b) => {
    const [first, second] = [keyOf(a), keyOf(b)];
    return first === second ? 0 : first - second;
  });
}

/** A copy that begins where its buffer begins, as views of numbers must. */
function aligned(file: Uint8Array): ArrayBuffer {
  return Uint8Array.from(file).buffer;
}
