import { describe, expect, it } from 'vitest';
import { groupPoints } from '../../../../src/core/relatives/group-points.ts';
import { mapHeads } from '../../../../src/core/relatives/map-heads.ts';
import { principalAxes } from '../../../../src/core/relatives/principal-axes.ts';
import { random } from '../../random.ts';

describe('principal axes', () => {
  it('of points on a line hold all, along the line', () => {
    const points = Float32Array.from([-3, -4, 0, 0, 3, 4]);
    const { first, second, held } = principalAxes(points, 2);
    expect([...first].map((value) => Number(value.toFixed(4)))).toEqual([-5, 0, 5]);
    expect([...second].every((value) => Math.abs(value) < 1e-4)).toBe(true);
    expect(held).toBeCloseTo(1, 6);
  });

  it('of an ellipse are its axes, the long one first', () => {
    const points = Float32Array.from([2, 0, 0, -2, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0.1, 0, 0, -0.1]);
    const { first, second, held } = principalAxes(points, 3);
    expect([...first].map((value) => Number(value.toFixed(4)) + 0)).toEqual([2, -2, 0, 0, 0, 0]);
    expect([...second].map((value) => Number(value.toFixed(4)) + 0)).toEqual([0, 0, 1, -1, 0, 0]);
    expect(held).toBeCloseTo(5 / 5.01, 6);
  });

  it('of nothing, and of equal points, are zero', () => {
    expect(principalAxes(new Float32Array(0), 0)).toMatchObject({ held: 0 });
    expect([...principalAxes(new Float32Array(6), 2).first]).toEqual([0, 0, 0]);
  });
});

describe('groups', () => {
  it('are those of clouds that lie apart, the largest first', () => {
    const numbers = random(2);
    const clouds = [
      { x: 0, y: 0, count: 6 },
      { x: 10, y: 0, count: 9 },
      { x: 0, y: 10, count: 3 },
    ];
    const points = clouds.flatMap(({ x, y, count }) =>
      Array.from({ length: count }, () => [x + numbers.next(), y + numbers.next()]),
    );
    const { group, centres } = groupPoints(Float32Array.from(points.flat()), 2);
    expect(centres).toHaveLength(3);
    expect([...group]).toEqual([
      ...Array<number>(6).fill(1),
      ...Array<number>(9).fill(0),
      ...Array<number>(3).fill(2),
    ]);
  });

  it('hold all of many points, in whatever order the clouds take turns', () => {
    const numbers = random(4);
    const clouds = Array.from({ length: 8 }, (_, at) => [10 * (at % 3), 10 * Math.floor(at / 3)] as const);
    const points = Array.from({ length: 24_000 }, (_, at) =>
      (clouds[at % 8] ?? [0, 0]).map((value) => value + numbers.next()),
    );
    const { group, sizes } = groupPoints(Float32Array.from(points.flat()), 2);
    expect(sizes).toEqual(Array<number>(8).fill(3000));
    for (const at of group.keys()) expect(group[at]).toBe(group[at % 8]);
  });

  it('are one for points that coincide, and none for none', () => {
    expect(groupPoints(new Float32Array(20), 2).centres).toHaveLength(1);
    expect(groupPoints(new Float32Array(0), 2)).toMatchObject({ centres: [] });
  });
});

describe('the map of heads', () => {
  const metrics = new Map([
    ['induction', Float32Array.from([0.9, 0.8, 0.9, 0.1, 0, 0.1, 0.05, 0])],
    ['entropy', Float32Array.from([0.1, 0.2, NaN, 0.9, 0.8, 0.9, 0.9, 0.8])],
    ['flat', new Float32Array(8).fill(0.3)],
  ]);

  it('keeps heads that are alike together, and says by what they stand out', () => {
    const { x, y, held, group, groups } = mapHeads(8, metrics);
    expect([...group]).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
    expect(groups).toEqual([
      { size: 5, high: ['entropy'], low: ['induction'] },
      { size: 3, high: ['induction'], low: ['entropy'] },
    ]);
    expect(held).toBeCloseTo(1, 6);
    expect(Math.max(...[...x].map(Math.abs))).toBe(1);
    for (const value of [...x, ...y]) expect(Math.abs(value)).toBeLessThanOrEqual(1);
    expect(Math.sign(x[0] ?? 0)).not.toBe(Math.sign(x[4] ?? 0));
  });

  it('is the same each time, and a point where all heads are alike', () => {
    expect(mapHeads(8, metrics)).toEqual(mapHeads(8, metrics));
    expect(mapHeads(2, new Map([['flat', new Float32Array(2)]]))).toMatchObject({ held: 0 });
  });
});
