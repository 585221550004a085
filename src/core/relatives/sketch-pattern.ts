import { visibleKeys, type Pattern } from '../pattern.ts';

/** Numbers of the sketch of one pattern; a power of two. */
export const SKETCH_SIZE = 32;

/**
 * A few numbers that stand for a pattern beside others on the same tokens, whatever those are: the square of the distance of two
 * sketches is, on average over the signs and places that cells are given, the mean over the queries of
 * ½ Σⱼ (√A[i, j] − √B[i, j])², the squared Hellinger distance of their rows: 0 where they are the same, 1 where no key has
 * attention in both. A count sketch (Charikar, Chen and Farach-Colton 2002) of the square roots: its relative error is about
 * √(2 / SKETCH_SIZE). Queries that see one key, which all heads attend to alike, are left out.
 *
 * @returns `[SKETCH_SIZE]`, all 0 where every query sees one key
 */
export function sketchPattern(pattern: Pattern): Float32Array {
  const { rows, columns, values } = pattern;
  const places = placesOf(rows * columns);
  const sums = new Float64Array(2 * SKETCH_SIZE); // what is added, then what is taken away
  let queries = 0;
  for (let query = 0; query < rows; query++) {
    const keys = visibleKeys(pattern, query);
    if (keys < 2) continue;
    queries++;
    const end = query * columns + keys;
    for (let cell = query * columns; cell < end; cell++) {
      const value = values[cell] ?? 0;
      if (value <= 0) continue;
      const place = places[cell] ?? 0;
      sums[place] = (sums[place] ?? 0) + Math.sqrt(value);
    }
  }
  const scale = Math.sqrt(2 * Math.max(1, queries));
  return Float32Array.from(
    { length: SKETCH_SIZE },
    (_, at) => ((sums[at] ?? 0) - (sums[at + SKETCH_SIZE] ?? 0)) / scale,
  );
}

let latest = new Uint8Array();

/** `[cells]` at least: where each cell is added, below 2 x SKETCH_SIZE. Heads of one prompt share it. */
function placesOf(cells: number): Uint8Array {
  if (latest.length < cells)
    latest = Uint8Array.from({ length: cells }, (_, cell) => mixed(cell) % (2 * SKETCH_SIZE));
  return latest;
}

/** A number of 32 bits that looks like chance (the last step of MurmurHash3, Appleby). */
export function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
