import { expect, it } from 'vitest';
import { decodeSketch, encodeSketch } from '../../../../src/core/relatives/sketch-text.ts';
import { random } from '../../random.ts';

it('a sketch as text is short, and off by half a step at most', () => {
  const numbers = random(31);
  const values = Float32Array.from({ length: 512 }, () => 3 * (numbers.next() - 0.5));
  const text = encodeSketch(values);
  expect(text).toMatch(/^[\w+/]{688}$/u);
  const back = decodeSketch(text);
  const most = Math.max(...values.map(Math.abs));
  for (const [at, value] of values.entries()) {
    expect(Math.abs((back[at] ?? NaN) - value)).toBeLessThanOrEqual((0.501 * most) / 127);
  }
});

it('a sketch of nothing is of nothing', () => {
  expect([...decodeSketch(encodeSketch(new Float32Array(4)))]).toEqual([0, 0, 0, 0]);
});
