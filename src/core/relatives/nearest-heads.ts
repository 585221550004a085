import type { HeadSpace } from './head-space.ts';

/** Another head, and how far it is. */
export interface Relative {
  /** Its place among the heads of the space. */
  readonly head: number;
  /** Root of the mean square difference over the coordinates that both have, in standard deviations. */
  readonly distance: number;
  /** The metric in which the two differ most, over its coordinates; undefined where they differ in none. */
  readonly differsIn: string | undefined;
}

/** Heads that share fewer of the coordinates than this cannot be compared. */
const SHARED = 0.5;

/**
 * The nearest heads, exactly, the nearest first; equal distances in the order of the heads. One pass over all heads.
 *
 * @param isAsked leaves heads out
 */
export function nearestHeads(
  space: HeadSpace,
  head: number,
  count: number,
  isAsked: (other: number) => boolean = () => true,
): Relative[] {
  const nearest: { readonly head: number; readonly distance: number }[] = [];
  for (let other = 0; other < space.heads; other++) {
    if (other === head || !isAsked(other)) continue;
    const distance = distanceOf(space, head, other);
    if (Number.isNaN(distance) || distance >= (nearest[count - 1]?.distance ?? Number.POSITIVE_INFINITY))
      continue;
    const place = nearest.findIndex((each) => each.distance > distance);
    nearest.splice(place === -1 ? nearest.length : place, 0, { head: other, distance });
    if (nearest.length > count) nearest.pop();
  }
  return nearest.map((each) => ({ ...each, differsIn: mostDifferent(space, head, each.head) }));
}

/** NaN where the heads share too few coordinates. */
export function distanceOf({ points, metrics }: HeadSpace, one: number, other: number): number {
  const width = metrics.length;
  let sum = 0;
  let shared = 0;
  for (let at = 0; at < width; at++) {
    const difference = (points[one * width + at] ?? 0) - (points[other * width + at] ?? 0);
    if (Number.isNaN(difference)) continue;
    sum += difference * difference;
    shared++;
  }
  return shared === 0 || shared < SHARED * width ? Number.NaN : Math.sqrt(sum / shared);
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
