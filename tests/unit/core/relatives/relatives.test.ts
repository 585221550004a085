import { describe, expect, it } from 'vitest';
import { headSpace, type DescribedHead } from '../../../../src/core/relatives/head-space.ts';
import { distanceInWords, distanceOf, nearestHeads } from '../../../../src/core/relatives/nearest-heads.ts';
import { random } from '../../random.ts';

/** A head whose metrics are the same on every prompt. */
function head(values: Readonly<Record<string, number | null>>): DescribedHead {
  const metrics = Object.entries(values).map(([name, mean]) => [
    name,
    mean === null
      ? null
      : {
          mean,
          min: mean,
          max: mean,
          quartiles: [mean, mean, mean] as [number, number, number],
          histogram: [1],
          rank: 1,
          of: 1,
          prompts: 1,
        },
  ]);
  return { metrics: Object.fromEntries(metrics) as DescribedHead['metrics'] };
}

describe('heads as points', () => {
  it('are in standard deviations, whatever a metric is measured in', () => {
    const space = headSpace([head({ a: 0, b: 0 }), head({ a: 2, b: 200 })], ['a', 'b']);
    expect(space.metrics).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    expect([...space.points]).toEqual([...Array<number>(6).fill(-1), ...Array<number>(6).fill(1)]);
    expect(distanceOf(space, 0, 1)).toBe(2);
  });

  it('leave out what no head differs in', () => {
    expect(headSpace([head({ a: 1, b: 0 }), head({ a: 1, b: 1 })], ['a', 'b', 'c']).metrics).toEqual([
      'b',
      'b',
      'b',
    ]);
    expect(headSpace([head({ a: 1 })], ['a'])).toMatchObject({ heads: 1, metrics: [] });
  });

  it('compare what both have, and not heads that share less than half', () => {
    const heads = [
      head({ a: 0, b: 0, c: 0 }),
      head({ a: 0, b: 1, c: null }),
      head({ a: 1, b: null, c: null }),
    ];
    const space = headSpace(heads, ['a', 'b', 'c', 'd']);
    expect(space.metrics).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    const one = distanceOf(space, 0, 1);
    expect(one).toBeCloseTo(Math.sqrt(2 ** 2 / 2), 6);
    expect(distanceOf(space, 1, 2)).not.toBeNaN();
    const wide = headSpace(
      [head({ a: 0, b: 0, c: 0 }), head({ a: 1, b: 1, c: 1 }), head({ a: 1 })],
      ['a', 'b', 'c'],
    );
    expect(distanceOf(wide, 0, 2)).toBeNaN();
    expect(nearestHeads(wide, 2, 5)).toEqual([]);
  });
});

describe('the nearest heads', () => {
  it('are those of a full sort, for random heads', () => {
    const numbers = random(3);
    const heads = Array.from({ length: 60 }, () =>
      head({ a: numbers.next(), b: numbers.next(), c: numbers.below(3) }),
    );
    const space = headSpace(heads, ['a', 'b', 'c']);
    for (const at of [0, 17, 59]) {
      const sorted = heads
        .map((_, other) => ({ head: other, distance: distanceOf(space, at, other) }))
        .filter((each) => each.head !== at && each.head % 2 === 0)
        .sort((one, other) => one.distance - other.distance);
      const found = nearestHeads(space, at, 7, (other) => other % 2 === 0);
      expect(found.map((each) => each.head)).toEqual(sorted.slice(0, 7).map((each) => each.head));
    }
  });

  it('say in which metric they differ most, and nothing where they are equal', () => {
    const space = headSpace(
      [head({ a: 0, b: 0 }), head({ a: 0, b: 1 }), head({ a: 0, b: 0 }), head({ a: 5, b: 0 })],
      ['a', 'b'],
    );
    const [twin, next] = nearestHeads(space, 0, 2);
    expect(twin).toEqual({ head: 2, distance: 0, differsIn: undefined });
    expect(next).toMatchObject({ head: 1, differsIn: 'b' });
  });

  it('are called alike by distance', () => {
    expect([0, 0.3, 0.5, 1, 1.4].map(distanceInWords)).toEqual([
      'nearly the same',
      'very much alike',
      'alike',
      'somewhat alike',
      'not alike',
    ]);
  });
});
