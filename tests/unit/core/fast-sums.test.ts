import { describe, expect, it } from 'vitest';
import { sumOfLogs } from '../../../src/core/fast-log.ts';
import { fewestOf } from '../../../src/core/fewest-with.ts';
import { random } from '../random.ts';

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

describe('Σ x ln x', () => {
  it('is that of Math.log, for values of every size, within the last digits of float64', () => {
    const numbers = random(21);
    const values = Float32Array.from({ length: 5000 }, () => 2 ** (-140 * numbers.next()));
    const bits = bitsOf(values);
    for (const [at, value] of values.entries()) {
      const exact = value * Math.log(value);
      expect(Math.abs(sumOfLogs(values, bits, at, at + 1) - exact)).toBeLessThanOrEqual(
        1e-14 * Math.abs(exact) + 1e-15 * value,
      );
    }
  });

  it('leaves out what is not above 0, and knows 1, values above it, and those without all digits', () => {
    const values = Float32Array.of(0, -1e-9, 1, 1.5, 2 ** -149, 0.5);
    const exact = 1.5 * Math.log(1.5) + 2 ** -149 * Math.log(2 ** -149) + 0.5 * Math.log(0.5);
    expect(sumOfLogs(values, bitsOf(values), 0, values.length)).toBeCloseTo(exact, 14);
    expect(sumOfLogs(values, bitsOf(values), 0, 3)).toBe(0);
  });
});

describe('the fewest values with a sum', () => {
  /** By sorting. */
  function sorted(values: Float32Array, wanted: number): number {
    let left = wanted;
    for (const [at, value] of values.toSorted().reverse().entries()) {
      left -= value;
      if (left <= 0) return at + 1;
    }
    return values.length;
  }

  it('are those of a full sort, among equal and unequal values, sharp and flat', () => {
    const numbers = random(22);
    for (let turn = 0; turn < 400; turn++) {
      const power = 1 + numbers.below(12);
      const values = Float32Array.from({ length: 1 + numbers.below(60) }, () =>
        numbers.below(4) === 0 ? 0.125 : numbers.next() ** power,
      );
      const all = values.reduce((sum, value) => sum + value, 0);
      for (const share of [0.1, 0.5, 0.9]) {
        expect(fewestOf(values, bitsOf(values), 0, values.length, share * all)).toBe(
          sorted(values, share * all),
        );
      }
    }
  });

  it('looks at its part alone, and leaves it as it is', () => {
    const values = Float32Array.of(9, 0.5, 0.25, 0.25, 9);
    expect(fewestOf(values, bitsOf(values), 1, 4, 0.7)).toBe(2);
    expect([...values]).toEqual([9, 0.5, 0.25, 0.25, 9]);
    expect(fewestOf(values, bitsOf(values), 1, 4, 5)).toBe(3);
  });

  it('are one of one, and of values far above 1', () => {
    const values = Float32Array.of(100, 3, 2, 1e-30);
    expect(fewestOf(values, bitsOf(values), 0, 4, 99)).toBe(1);
    expect(fewestOf(values, bitsOf(values), 0, 4, 104)).toBe(3);
    expect(fewestOf(values, bitsOf(values), 2, 3, 1)).toBe(1);
  });
});
