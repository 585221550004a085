import type { HeadSpace } from './head-space.ts';
import { patternsApart, type PatternsApart } from './pattern-space.ts';

/** Another head, and how far it is. */
export interface Relative {
  /** Its place among the heads of the space. */
  readonly head: number;
  /** As `distanceOf` says. */
  readonly distance: number;
  /** The metric in which the two differ most, over its coordinates; undefined where they differ in none. */
  readonly differsIn: string | undefined;
  /** Undefined where they share no prompts that both read as the same tokens: the distance is that of metrics alone. */
  readonly patterns: PatternsApart | undefined;
}

/** Heads that share fewer of the coordinates than this cannot be compared. */
const SHARED = 0.5;
/** How much patterns weigh beside all metrics together, from 0 to 1. */
const PATTERNS_WEIGHT = 0.5;

/** Heads whose metrics are nearer than this are looked at first: what they are apart spares most others. */
const NEAR = 0.8;

/**
 * The nearest heads, exactly, the nearest first; the same ones in the order of the heads.
 *
 * @param among the heads that are looked at, by their places; all, if left out
 */
export function nearestHeads(
  space: HeadSpace,
  head: number,
  count: number,
  among: Iterable<number> = Array(space.heads).keys(),
): Relative[] {
  const nearest: { readonly head: number; readonly distance: number }[] = [];
  /** What a square of metrics must be below to matter. */
  let bound = NEAR ** 2;
  const farthest = () => nearest[count - 1]?.distance ?? Number.POSITIVE_INFINITY;
  const look = (other: number): boolean => {
    const ofMetrics = metricsSquare(space, head, other, bound);
    if (!(ofMetrics < bound)) return false;
    const distance = together(space, head, other, ofMetrics, farthest());
    if (distance >= farthest()) return true;
    const place = nearest.findIndex((each) => each.distance > distance);
    nearest.splice(place === -1 ? nearest.length : place, 0, { head: other, distance });
    if (nearest.length > count) nearest.pop();
    return true;
  };
  const far: number[] = [];
  for (const other of among) if (other !== head && !look(other)) far.push(other);
  const leastFar = Math.sqrt(1 - PATTERNS_WEIGHT) * NEAR;
  if (farthest() > leastFar) {
    for (const other of far) {
      bound = farthest() ** 2 / (1 - PATTERNS_WEIGHT);
      look(other);
    }
  }
  return nearest.map((each) => ({
    ...each,
    differsIn: mostDifferent(space, head, each.head),
    patterns: patternsApart(space.patterns, head, each.head),
  }));
}

/**
 * The root of the mean of two squares: that of the metrics, the mean square difference over the coordinates that both have, and
 * that of the patterns, in such units that both are 2 on average over pairs of heads. Of heads that share no prompts that both
 * read as the same tokens, the metrics' alone.
 *
 * @returns NaN where the heads share too few coordinates
 */
export function distanceOf(space: HeadSpace, one: number, other: number): number {
  return together(space, one, other, metricsSquare(space, one, other), Number.POSITIVE_INFINITY);
}

/** @param bound a distance that is not below it need not be found exactly */
function together(space: HeadSpace, one: number, other: number, ofMetrics: number, bound: number): number {
  const least = Math.sqrt((1 - PATTERNS_WEIGHT) * ofMetrics);
  if (least >= bound) return least;
  const { meanSquare } = space.patterns;
  const left = ((bound ** 2 - least ** 2) / PATTERNS_WEIGHT) * (meanSquare / 2);
  const apart = meanSquare === 0 ? undefined : patternsApart(space.patterns, one, other, left);
  if (apart === undefined) return Math.sqrt(ofMetrics);
  const ofPatterns = (2 * apart.square) / meanSquare;
  return Math.sqrt((1 - PATTERNS_WEIGHT) * ofMetrics + PATTERNS_WEIGHT * ofPatterns);
}

/**
 * The mean square difference over the coordinates that both have.
 *
 * @param bound one that is not below it may be given as infinite
 * @returns NaN where the heads share too few
 */
function metricsSquare(
  { points, metrics }: HeadSpace,
  one: number,
  other: number,
  bound = Number.POSITIVE_INFINITY,
): number {
  const width = metrics.length;
  const most = bound * width;
  let sum = 0;
  let shared = 0;
  for (let at = 0; at < width; at++) {
    const difference = (points[one * width + at] ?? 0) - (points[other * width + at] ?? 0);
    if (Number.isNaN(difference)) continue;
    sum += difference * difference;
    shared++;
    if (sum > most) return Number.POSITIVE_INFINITY;
  }
  return shared === 0 || shared < SHARED * width ? Number.NaN : sum / shared;
}

function mostDifferent({ points, metrics }: HeadSpace, one: number, other: number): string | undefined {
  const width = metrics.length;
  const byMetric = new Map<string, number>();
  for (const [at, metric] of metrics.entries()) {
    const difference = (points[one * width + at] ?? 0) - (points[other * width + at] ?? 0);
    if (!Number.isNaN(difference)) byMetric.set(metric, (byMetric.get(metric) ?? 0) + difference ** 2);
  }
  let most: string | undefined;
  let largest = 0;
  for (const [metric, sum] of byMetric) if (sum > largest) [most, largest] = [metric, sum];
  return most;
}

/** A distance in words. Two heads drawn at random are about 1.4 apart: the root of twice the variance, which is 1. */
export function distanceInWords(distance: number): string {
  if (distance < 0.15) return 'nearly the same';
  if (distance < 0.4) return 'very much alike';
  if (distance < 0.8) return 'alike';
  if (distance < 1.2) return 'somewhat alike';
  return 'not alike';
}

/**
 * How much of their attention two heads share, in words: 1 less the squared Hellinger distance, the Bhattacharyya coefficient of
 * rows that sum to one.
 */
export function overlapInWords({ square, prompts }: PatternsApart): string {
  const overlap = Math.round(100 * Math.min(1, Math.max(0, 1 - square)));
  return `their patterns overlap by ${overlap}\u00A0% on ${prompts} shared ${prompts === 1 ? 'prompt' : 'prompts'}`;
}
