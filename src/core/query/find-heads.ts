import type { HeadColumns } from './head-columns.ts';
import type { Query } from './query.ts';
import { runQuery } from './run-query.ts';

/** What is looked for, and in which order. */
export interface HeadSearch {
  readonly query: Query;
  /** A model's id; every model if empty. */
  readonly model: string;
  /** The metric by which heads are sorted. */
  readonly sort: string;
  readonly isAscending: boolean;
}

/** Places of heads take the low bits of a sorted number, the metric's 32 bits the high ones: 53 bits are exact. */
const PLACES = 2 ** 21;
const LAST = 2 ** 32 - 1;

/**
 * Positions of the heads found, sorted by a metric; equal ones in the order of the columns, those without the metric last,
 * whatever the direction.
 *
 * @throws RangeError for more than 2,097,152 heads
 */
export function findHeads(columns: HeadColumns, { query, model, sort, isAscending }: HeadSearch): number[] {
  if (columns.count > PLACES) throw new RangeError(`${columns.count} heads are too many to sort`);
  const isFound = runQuery(query, columns);
  const only = model === '' ? undefined : columns.models.findIndex(({ id }) => id === model);
  const values = columns.metrics.get(sort);
  const keys = new Float64Array(columns.count);
  let found = 0;
  for (let at = 0; at < columns.count; at++) {
    if (isFound[at] !== 1 || (only !== undefined && columns.model[at] !== only)) continue;
    const place = ascendingBits(values?.[at] ?? NaN);
    const ordered = isAscending || place === LAST ? place : LAST - 1 - place;
    keys[found++] = ordered * PLACES + at;
  }
  // A typed array is sorted as numbers, without calls for each pair.
  return Array.from(keys.subarray(0, found).sort(), (key) => key % PLACES);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** A number of 32 bits that grows with a float32; the largest one for NaN. */
function ascendingBits(value: number): number {
  if (Number.isNaN(value)) return LAST;
  float[0] = value + 0; // -0 becomes 0
  const [whole = 0] = bits;
  return whole >= 2 ** 31 ? LAST - whole : whole + 2 ** 31;
}
