import { expect, it } from 'vitest';
import { largestLayout, patternSum } from '../../../src/core/mean-pattern.ts';
import { patternOf } from '../../../src/core/pattern.ts';

const short = patternOf({ kind: 'causal', n: 2 }, Float32Array.of(1, 0, 0.5, 0.5));
const long = patternOf({ kind: 'causal', n: 3 }, Float32Array.of(1, 0, 0, 0, 1, 0, 0.2, 0.3, 0.5));

it('is over the prompts that have such a query, and as large as the largest', () => {
  const layout = largestLayout([short.layout, long.layout]);
  expect(layout).toEqual({ kind: 'causal', n: 3 });
  const sum = patternSum(layout ?? short.layout);
  for (const pattern of [short, long]) sum.add(pattern);
  expect([...sum.mean().values]).toEqual([1, 0, 0, 0.25, 0.75, 0, ...Float32Array.of(0.2, 0.3, 0.5)]);
});

it('of rectangles is as high and as wide as any, each cell over those that have it', () => {
  const wide = patternOf({ kind: 'rectangle', rows: 1, columns: 2 }, Float32Array.of(0.5, 0.5));
  const high = patternOf({ kind: 'rectangle', rows: 2, columns: 1 }, Float32Array.of(1, 1));
  const layout = largestLayout([wide.layout, high.layout]) ?? wide.layout;
  const sum = patternSum(layout);
  for (const pattern of [wide, high]) sum.add(pattern);
  expect([...sum.mean().values]).toEqual([0.75, 0.5, 1, 0]);
});

it('leaves patterns of another structure out', () => {
  const sum = patternSum(short.layout);
  sum.add(short);
  sum.add(patternOf({ kind: 'square', n: 2 }, Float32Array.of(0, 1, 1, 0)));
  expect(sum.mean()).toEqual(short);
  expect(largestLayout([])).toBeUndefined();
});
