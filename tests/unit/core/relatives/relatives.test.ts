import { describe, expect, it } from 'vitest';
import { headSpace, type DescribedHead } from '../../../../src/core/relatives/head-space.ts';
import {
  distanceInWords,
  distanceOf,
  nearestHeads,
  overlapInWords,
} from '../../../../src/core/relatives/nearest-heads.ts';
import {
  BUNDLES,
  HEAD_SKETCH_SIZE,
  patternsApart,
  patternSpace,
  type SketchedHead,
} from '../../../../src/core/relatives/pattern-space.ts';
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
  it('are those of a full sort, for random heads, some of which read other tokens', () => {
    const numbers = random(3);
    const heads = Array.from({ length: 60 }, (_, at) => ({
      ...head({ a: numbers.next(), b: numbers.next(), c: numbers.below(3) }),
      patterns: sketched([numbers.next(), numbers.next()], at % 5 === 0 ? 'others' : 'tokens'),
    }));
    const space = headSpace(heads, ['a', 'b', 'c']);
    for (const at of [0, 17, 59]) {
      const sorted = heads
        .map((_, other) => ({ head: other, distance: distanceOf(space, at, other) }))
        .filter((each) => each.head !== at && each.head % 2 === 0)
        .sort((one, other) => one.distance - other.distance);
      const found = nearestHeads(
        space,
        at,
        7,
        Array.from({ length: 30 }, (_, half) => 2 * half),
      );
      expect(found.map((each) => each.head)).toEqual(sorted.slice(0, 7).map((each) => each.head));
    }
  });

  it('say in which metric they differ most, and nothing where they are equal', () => {
    const space = headSpace(
      [head({ a: 0, b: 0 }), head({ a: 0, b: 1 }), head({ a: 0, b: 0 }), head({ a: 5, b: 0 })],
      ['a', 'b'],
    );
    const [twin, next] = nearestHeads(space, 0, 2);
    expect(twin).toEqual({ head: 2, distance: 0, differsIn: undefined, patterns: undefined });
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

/** A head whose sketch has `numbers` in the first place of each of its first bundles, of one prompt each. */
function sketched(numbers: readonly number[], tokens = 'tokens'): SketchedHead {
  const sketch = new Float32Array(HEAD_SKETCH_SIZE);
  for (const [at, number] of numbers.entries()) sketch[(at * HEAD_SKETCH_SIZE) / BUNDLES] = number;
  const bundles = Array.from({ length: BUNDLES }, (_, at) => ({
    prompts: at < numbers.length ? 1 : 0,
    of: at < numbers.length ? tokens : '',
  }));
  return { sketch, bundles };
}

describe('the patterns of heads', () => {
  it('are apart by the mean over the prompts that both read as the same tokens', () => {
    const space = patternSpace([
      sketched([0, 0, 0]),
      sketched([1, 0.5, 0]),
      sketched([1, 1]),
      sketched([0, 0, 0], 'others'),
      undefined,
    ]);
    expect(patternsApart(space, 0, 1)).toEqual({ square: 1.25 / 3, prompts: 3 });
    expect(patternsApart(space, 1, 2)).toEqual({ square: 0.125, prompts: 2 });
    expect(patternsApart(space, 0, 3)).toBeUndefined();
    expect(patternsApart(space, 4, 0)).toBeUndefined();
  });

  it('have a mean square that is that of all pairs', () => {
    const numbers = random(9);
    const heads = Array.from({ length: 12 }, () => sketched([numbers.next(), numbers.next()]));
    const space = patternSpace(heads);
    const pairs = heads.flatMap((_, one) =>
      heads.slice(one + 1).map((__, more) => patternsApart(space, one, one + 1 + more)?.square ?? 0),
    );
    expect(space.meanSquare).toBeCloseTo(pairs.reduce((sum, square) => sum + square, 0) / pairs.length, 6);
    expect(patternSpace([sketched([1])]).meanSquare).toBe(0);
  });

  it('weigh as much as all metrics together, and nothing where they cannot be compared', () => {
    const heads = [
      { ...head({ a: 0 }), patterns: sketched([0]) },
      { ...head({ a: 2 }), patterns: sketched([0]) },
      { ...head({ a: 0 }), patterns: sketched([1]) },
      { ...head({ a: 2 }), patterns: sketched([1], 'others') },
    ];
    const space = headSpace(heads, ['a']);
    const { meanSquare } = space.patterns; // of the first three: 0, 1, 1
    expect(meanSquare).toBeCloseTo(2 / 3, 6);
    expect(distanceOf(space, 0, 1)).toBeCloseTo(Math.sqrt(4 / 2), 6);
    expect(distanceOf(space, 0, 2)).toBeCloseTo(Math.sqrt((2 * 1) / meanSquare / 2), 6);
    expect(distanceOf(space, 0, 3)).toBe(2);
    const [first, second, last] = nearestHeads(space, 0, 3);
    expect([first?.head, second?.head, last?.head]).toEqual([2, 1, 3]);
    expect(first?.patterns).toEqual({ square: 1, prompts: 1 });
    expect(last?.patterns).toBeUndefined();
  });

  it('are said to overlap', () => {
    expect(overlapInWords({ square: 0.27, prompts: 12 })).toBe(
      'their patterns overlap by 73\u00A0% on 12 shared prompts',
    );
    expect(overlapInWords({ square: 1.1, prompts: 1 })).toBe(
      'their patterns overlap by 0\u00A0% on 1 shared prompt',
    );
  });
});
