import type { HeadMap } from '../../core/relatives/map-heads.ts';

/** The side of the map, and what its margin leaves free, in its own units. */
export const SIDE = 640;
const EDGE = 16;
/** How far from a head's place a pointer points at it. */
const REACH = 16;

/** Where heads lie on the map, and which is near. Heads are named by their place in its columns. */
export class MapPlaces {
  readonly #map: HeadMap;

  constructor(map: HeadMap) {
    this.#map = map;
  }

  x(head: number): number {
    return EDGE + ((this.#map.x[head] ?? 0) + 1) * (SIDE / 2 - EDGE);
  }

  y(head: number): number {
    return EDGE + (1 - (this.#map.y[head] ?? 0)) * (SIDE / 2 - EDGE);
  }

  /** The nearest of these heads, if one is near enough to be pointed at. */
  at(x: number, y: number, heads: readonly number[]): number | undefined {
    return least(heads, REACH, (head) => Math.hypot(this.x(head) - x, this.y(head) - y));
  }

  /** The nearest of these heads on one side of another: what lies aside counts double. */
  next(
    from: number,
    [across, down]: readonly [number, number],
    heads: readonly number[],
  ): number | undefined {
    return least(heads, Number.POSITIVE_INFINITY, (head) => {
      const [right, below] = [this.x(head) - this.x(from), this.y(head) - this.y(from)];
      const ahead = across * right + down * below;
      const isAhead = head !== from && ahead > 0;
      return isAhead ? ahead + 2 * Math.abs(down * right + across * below) : Number.POSITIVE_INFINITY;
    });
  }
}

function least(heads: readonly number[], bound: number, of: (head: number) => number): number | undefined {
  let found: number | undefined;
  let smallest = bound;
  for (const head of heads) {
    const value = of(head);
    if (value < smallest) [found, smallest] = [head, value];
  }
  return found;
}
