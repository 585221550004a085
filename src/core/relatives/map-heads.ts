import { groupPoints } from './group-points.ts';
import { principalAxes } from './principal-axes.ts';
import { standardized } from './standardized.ts';

/** Heads as points on a plane, and in groups. */
export interface HeadMap {
  /** `[heads]` each, from -1 to 1. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** How much of the differences between heads the two axes hold, from 0 to 1. */
  readonly held: number;
  /** Of each head, the place of its group in `groups`. */
  readonly group: Uint8Array;
  readonly groups: readonly HeadGroup[];
}

/** Heads that are like each other. */
interface HeadGroup {
  readonly size: number;
  /** The metrics in which it stands out most, and to which side. */
  readonly high: readonly string[];
  readonly low: readonly string[];
}

/** How far, in standard deviations, the mean of a group must be from that of all heads to stand out. */
const STANDS_OUT = 0.6;
/** Metrics that a group is named by. */
const NAMED = 2;

/**
 * Lays heads out by the means of their metrics, each in standard deviations over all heads: the first two principal components
 * (Pearson 1901), and groups by k-means. The same heads give the same map. A head that has no such metric counts as average in it.
 *
 * @param metrics `[heads]` each; NaN where a head has no such metric
 */
export function mapHeads(heads: number, metrics: ReadonlyMap<string, Float32Array>): HeadMap {
  const names: string[] = [];
  const columns: Float64Array[] = [];
  for (const [name, values] of metrics) {
    const scaled = standardized(values);
    if (scaled === undefined) continue;
    names.push(name);
    columns.push(scaled);
  }
  const points = new Float32Array(heads * columns.length);
  for (const [at, column] of columns.entries()) {
    for (const [head, value] of column.entries()) {
      points[head * columns.length + at] = Number.isNaN(value) ? 0 : value;
    }
  }
  const { first, second, held } = principalAxes(points, columns.length);
  const { group, centres, sizes } = groupPoints(points, columns.length);
  const groups = centres.map((centre, at) => {
    const sorted = names
      .map((name, column) => ({ name, value: centre[column] ?? 0 }))
      .sort((a, b) => b.value - a.value);
    const high = sorted.filter(({ value }) => value >= STANDS_OUT).slice(0, NAMED);
    const low = sorted
      .filter(({ value }) => value <= -STANDS_OUT)
      .reverse()
      .slice(0, NAMED);
    return { size: sizes[at] ?? 0, high: high.map(({ name }) => name), low: low.map(({ name }) => name) };
  });
  return { x: withinOne(first), y: withinOne(second), held, group, groups };
}

/** From the least to the greatest as -1 to 1; 0 where they do not differ. */
function withinOne(values: Float32Array): Float32Array {
  const least = values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY);
  const greatest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return values.map((value) => (greatest > least ? (2 * (value - least)) / (greatest - least) - 1 : 0));
}
