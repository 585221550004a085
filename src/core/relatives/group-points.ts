/** Points in groups. */
interface Grouped {
  /** Of each point, the place of its group. */
  readonly group: Uint8Array;
  /** `[groups]`, each `[width]`: the mean of its points; the group with the most points first. */
  readonly centres: readonly Float64Array[];
  /** Points of each group. */
  readonly sizes: readonly number[];
}

const MOST_GROUPS = 8;
const MOST_ROUNDS = 50;
/** Of more points than this, so many say where the groups are: more would hardly move them. */
const MOST_SAMPLED = 4000;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Groups points by k-means (Lloyd 1957), with two to eight groups by the number of points. It begins from points that are far from
 * each other (Gonzalez 1985), with none of chance, so that the same points give the same groups. Of more than 4,000 points, 4,000 say
 * where the groups are, and the others join the nearest.
 *
 * @param points `[points, width]`
 */
export function groupPoints(points: Float32Array, width: number): Grouped {
  const count = width === 0 ? 0 : points.length / width;
  const group = new Uint8Array(count);
  if (count === 0) return { group, centres: [], sizes: [] };
  const sample = sampled(points, width);
  const wanted = Math.min(count, Math.max(2, Math.min(MOST_GROUPS, Math.round(Math.sqrt(count / 2)))));
  const among = new Uint8Array(sample.length / width);
  let centres = farApart(sample, width, wanted);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const moved = assign(among, sample, centres);
    centres = meansOf(sample, width, among, centres);
    if (moved === 0 && round > 0) break;
  }
  assign(group, points, centres);
  return bySize(group, centres);
}

/** Taken in steps of the golden section, which no order of layers and heads keeps time with. */
function sampled(points: Float32Array, width: number): Float32Array {
  const count = points.length / width;
  if (count <= MOST_SAMPLED) return points;
  const sample = new Float32Array(MOST_SAMPLED * width);
  for (let at = 0; at < MOST_SAMPLED; at++) {
    const point = Math.floor(((at * GOLDEN) % 1) * count);
    sample.set(points.subarray(point * width, (point + 1) * width), at * width);
  }
  return sample;
}

/**
 * Puts each point into the group of the nearest centre.
 *
 * @returns how many changed
 */
function assign(group: Uint8Array, points: Float32Array, centres: readonly Float64Array[]): number {
  const width = centres[0]?.length ?? 0;
  let moved = 0;
  for (const [point, before] of group.entries()) {
    const nearest = nearestOf(centres, points, point * width);
    if (nearest === before) continue;
    group[point] = nearest;
    moved++;
  }
  return moved;
}

/** The point farthest from the origin, then always the one farthest from those that were taken; fewer where points coincide. */
function farApart(points: Float32Array, width: number, wanted: number): Float64Array[] {
  const count = points.length / width;
  const distances = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const origin = new Float64Array(width);
  const centres: Float64Array[] = [];
  for (let last = origin; centres.length < wanted;) {
    let farthest = 0;
    for (let point = 0; point < count; point++) {
      const distance = squareTo(last, points, point * width);
      if (last === origin || distance < (distances[point] ?? 0)) distances[point] = distance;
      if ((distances[point] ?? 0) > (distances[farthest] ?? 0)) farthest = point;
    }
    if (centres.length > 0 && distances[farthest] === 0) break;
    const next = Float64Array.from(points.subarray(farthest * width, (farthest + 1) * width));
    if (last === origin) distances.fill(Number.POSITIVE_INFINITY);
    centres.push(next);
    last = next;
  }
  return centres;
}

function nearestOf(centres: readonly Float64Array[], points: Float32Array, start: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, centre] of centres.entries()) {
    const distance = squareTo(centre, points, start);
    if (distance < least) [nearest, least] = [at, distance];
  }
  return nearest;
}

function squareTo(centre: Float64Array, points: Float32Array, start: number): number {
  let sum = 0;
  for (let at = 0; at < centre.length; at++) sum += ((points[start + at] ?? 0) - (centre[at] ?? 0)) ** 2;
  return sum;
}

/** A group that lost all its points keeps its centre. */
function meansOf(
  points: Float32Array,
  width: number,
  group: Uint8Array,
  before: readonly Float64Array[],
): Float64Array[] {
  const sums = before.map(() => new Float64Array(width));
  const counts = before.map(() => 0);
  for (const [point, at] of group.entries()) {
    const sum = sums[at];
    if (sum === undefined) continue;
    counts[at] = (counts[at] ?? 0) + 1;
    for (let column = 0; column < width; column++) {
      sum[column] = (sum[column] ?? 0) + (points[point * width + column] ?? 0);
    }
  }
  return sums.map((sum, at) => {
    const size = counts[at] ?? 0;
    return size === 0 ? (before[at] ?? sum) : sum.map((value) => value / size);
  });
}

function bySize(group: Uint8Array, centres: readonly Float64Array[]): Grouped {
  const sizes = centres.map(() => 0);
  for (const at of group) sizes[at] = (sizes[at] ?? 0) + 1;
  const order = [...centres.keys()]
    .filter((at) => (sizes[at] ?? 0) > 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const places = new Map(order.map((at, place) => [at, place]));
  return {
    group: group.map((at) => places.get(at) ?? 0),
    centres: order.flatMap((at) => centres[at] ?? []),
    sizes: order.map((at) => sizes[at] ?? 0),
  };
}
