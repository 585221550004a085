import { describe, expect, it } from 'vitest';
import { entropy } from '../../../../src/core/metrics/entropy.ts';
import { metrics, selectMetrics } from '../../../../src/core/metrics/index.ts';
import { induction } from '../../../../src/core/metrics/induction.ts';
import { measure, type PatternMetric } from '../../../../src/core/metrics/metric.ts';
import { previousToken } from '../../../../src/core/metrics/previous-token.ts';
import { patternOf, type Pattern } from '../../../../src/core/pattern.ts';

/** A causal pattern from its rows. */
function causal(rows: readonly (readonly number[])[]): Pattern {
  const n = rows.length;
  const values = new Float32Array(n * n);
  for (const [query, row] of rows.entries()) values.set(row, query * n);
  return patternOf({ kind: 'causal', n }, values);
}

const DIFFERENT = [10, 11, 12, 13];
const toPrevious = causal([[1], [1, 0], [0, 1, 0], [0, 0, 1, 0]]);
const toFirst = causal([[1], [1, 0], [1, 0, 0], [1, 0, 0, 0]]);
const even = causal([[1], [0.5, 0.5], [1 / 3, 1 / 3, 1 / 3], [0.25, 0.25, 0.25, 0.25]]);

describe('previous token', () => {
  it('is 1 where every token attends to the one before, and 1/3 where only the second can', () => {
    expect(measure(previousToken, { pattern: toPrevious, ids: DIFFERENT })).toBe(1);
    expect(measure(previousToken, { pattern: toFirst, ids: DIFFERENT })).toBeCloseTo(1 / 3, 6);
    expect(measure(previousToken, { pattern: even, ids: DIFFERENT })).toBeCloseTo(
      (1 / 2 + 1 / 3 + 1 / 4) / 3,
      6,
    );
  });

  it('is not defined on a single token', () => {
    expect(measure(previousToken, { pattern: causal([[1]]), ids: [1] })).toBeNull();
  });
});

describe('induction', () => {
  it('is 1 where a repeated token attends to what followed it', () => {
    // a b a b: the second a looks at the first b, the second b at the second a
    const pattern = causal([[1], [1, 0], [0, 1, 0], [0, 0, 1, 0]]);
    expect(measure(induction, { pattern, ids: [1, 2, 1, 2] })).toBe(1);
    expect(measure(induction, { pattern: toFirst, ids: [1, 2, 1, 2] })).toBe(0);
  });

  it('adds up all that followed earlier occurrences', () => {
    // a b a c a: the last a may look at b (after the first a) and at c (after the second)
    const pattern = causal([[1], [1, 0], [0.5, 0.25, 0.25], [1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4, 0]]);
    expect(measure(induction, { pattern, ids: [1, 2, 1, 3, 1] })).toBeCloseTo((0.25 + 0.6) / 2, 6);
  });

  it('is not defined where no token repeats', () => {
    expect(measure(induction, { pattern: even, ids: DIFFERENT })).toBeNull();
  });
});

describe('entropy', () => {
  it('is 0 for one key and 1 for all keys evenly', () => {
    expect(measure(entropy, { pattern: toFirst, ids: DIFFERENT })).toBe(0);
    expect(measure(entropy, { pattern: even, ids: DIFFERENT })).toBeCloseTo(1, 6);
  });

  it('is divided by the logarithm of the keys that each row sees', () => {
    const pattern = causal([[1], [0.5, 0.5], [0.5, 0.5, 0]]);
    expect(measure(entropy, { pattern, ids: [1, 2, 3] })).toBeCloseTo((1 + Math.log(2) / Math.log(3)) / 2, 6);
  });

  it('counts every key of a square pattern', () => {
    const pattern = patternOf({ kind: 'square', n: 2 }, Float32Array.of(0.5, 0.5, 1, 0));
    expect(measure(entropy, { pattern, ids: [1, 2] })).toBeCloseTo(0.5, 6);
  });

  it('is not defined on a single token', () => {
    expect(measure(entropy, { pattern: causal([[1]]), ids: [1] })).toBeNull();
  });
});

describe('every metric', () => {
  it.each(metrics.flatMap((metric) => (metric.scope === 'pattern' ? [[metric.name, metric] as const] : [])))(
    '%s stays in its range on all-zero rows',
    (_, metric) => {
      const value = measure(metric, { pattern: causal([[0], [0, 0], [0, 0, 0]]), ids: [1, 1, 1] });
      expect(value === null || Number.isFinite(value)).toBe(true);
    },
  );

  it('that leaves its range is caught', () => {
    const broken: PatternMetric<'pattern'> = { ...entropy, name: 'broken', compute: () => 1.5 };
    expect(() => measure(broken, { pattern: even, ids: DIFFERENT })).toThrow(/broken gave 1.5/u);
    expect(() =>
      measure({ ...broken, compute: () => Number.NaN }, { pattern: even, ids: DIFFERENT }),
    ).toThrow(RangeError);
  });

  it('is found by its name, and a misspelled one is answered with the nearest', () => {
    expect(selectMetrics(['entropy', 'induction'])).toEqual([entropy, induction]);
    expect(() => selectMetrics(['inductoin'])).toThrow(
      expect.objectContaining({
        code: 'unknown-metric',
        explanation: expect.objectContaining({
          remedy: expect.stringContaining('Did you mean "induction"?') as string,
        }) as object,
      }),
    );
  });
});
