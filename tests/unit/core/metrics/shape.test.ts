import { describe, expect, it } from 'vitest';
import { effectiveRank } from '../../../../src/core/metrics/effective-rank.ts';
import { entropy } from '../../../../src/core/metrics/entropy.ts';
import { gini } from '../../../../src/core/metrics/gini.ts';
import { measure, measureOver, observe } from '../../../../src/core/metrics/metric.ts';
import { peakedness } from '../../../../src/core/metrics/peakedness.ts';
import { repeatGain } from '../../../../src/core/metrics/repeat-gain.ts';
import { sinkHeads } from '../../../../src/core/metrics/sink-heads.ts';
import { stability } from '../../../../src/core/metrics/stability.ts';
import { stripe } from '../../../../src/core/metrics/stripe.ts';
import { topPSupport } from '../../../../src/core/metrics/top-p-support.ts';
import { patternOf } from '../../../../src/core/pattern.ts';
import { causal, even, pointing } from './patterns.ts';

const toFirst = pointing(8, () => 0);
const toSelf = pointing(8, (query) => query);

describe('metrics of shape', () => {
  it('entropy: 0 for one key, 1 for all keys evenly', () => {
    expect(measure(entropy, { pattern: toFirst })).toBe(0);
    expect(measure(entropy, { pattern: even(6) })).toBeCloseTo(1, 6);
  });

  it('entropy is divided by the logarithm of the keys that each row sees', () => {
    const pattern = causal([[1], [0.5, 0.5], [0.5, 0.5, 0]]);
    expect(measure(entropy, { pattern })).toBeCloseTo((1 + Math.log(2) / Math.log(3)) / 2, 6);
    const square = patternOf({ kind: 'square', n: 2 }, Float32Array.of(0.5, 0.5, 1, 0));
    expect(measure(entropy, { pattern: square })).toBeCloseTo(0.5, 6);
  });

  it('entropy does not change where a sink takes a part of each row', () => {
    expect(measure(entropy, { pattern: causal([[0.1], [0.2, 0.2]]) })).toBeCloseTo(1, 6);
  });

  it('peakedness: the mean of the largest cells', () => {
    expect(measure(peakedness, { pattern: toSelf })).toBe(1);
    expect(measure(peakedness, { pattern: even(3) })).toBeCloseTo((1 / 2 + 1 / 3) / 2, 6);
  });

  it('gini: 0 for even attention, 1 for a single key', () => {
    expect(measure(gini, { pattern: even(5) })).toBeCloseTo(0, 6);
    expect(measure(gini, { pattern: toFirst })).toBeCloseTo(1, 6);
    // 0, 0.5, 0.5: (2 - 2) * 0.5 + (4 - 2) * 0.5 = 1, over 2.
    const pattern = patternOf({ kind: 'rectangle', rows: 1, columns: 3 }, Float32Array.of(0.5, 0, 0.5));
    expect(measure(gini, { pattern })).toBeCloseTo(0.5, 6);
  });

  it('top-p support: how many keys hold nine tenths', () => {
    expect(measure(topPSupport, { pattern: toFirst })).toBe(0);
    const pattern = patternOf(
      { kind: 'rectangle', rows: 1, columns: 5 },
      Float32Array.of(0.5, 0.3, 0.15, 0.05, 0),
    );
    expect(measure(topPSupport, { pattern })).toBe(0.5); // three keys: 2 of the 4 more
  });

  it('effective rank: 0 where all rows are alike, 1 for the identity', () => {
    expect(measure(effectiveRank, { pattern: toFirst })).toBeCloseTo(0, 6);
    expect(measure(effectiveRank, { pattern: toSelf })).toBeCloseTo(1, 6);
    // Singular values 1 and 1/2: r = (1 + 1/4)² / (1 + 1/16).
    const pattern = patternOf({ kind: 'square', n: 2 }, Float32Array.of(1, 0, 0, 0.5));
    expect(measure(effectiveRank, { pattern })).toBeCloseTo(1.25 ** 2 / 1.0625 - 1, 6);
  });

  it('stripe: the best column but the first', () => {
    const toSecond = pointing(8, (query) => Math.min(1, query));
    expect(measure(stripe, { pattern: toSecond })).toBe(1);
    expect(measure(stripe, { pattern: toFirst })).toBe(0);
  });
});

describe('metrics over prompts', () => {
  it('stability: 1 where the head looks equally far on every prompt', () => {
    const near = observe(stability, { pattern: toSelf }) ?? [];
    const far = observe(stability, { pattern: toFirst }) ?? [];
    expect(measureOver(stability, [near, near])).toBeCloseTo(1, 6);
    // Of 8 queries, all but the first share nothing: each is 7/16 from the mean.
    expect(measureOver(stability, [near, far])).toBeCloseTo(1 - 7 / 16, 6);
    expect(measureOver(stability, [near])).toBeNull();
  });

  it('sink heads: the share of heads above 0.3 on average', () => {
    const kept =
      observe(sinkHeads, {
        stack: [
          [toFirst, toSelf],
          [even(8), toSelf],
        ],
      }) ?? [];
    expect(kept).toHaveLength(4);
    expect(measureOver(sinkHeads, [kept])).toBe(0.25);
    expect(measureOver(sinkHeads, [kept, [1, 0.7, 0.4, 0]])).toBe(0.75);
  });

  it('gain from repetition: loss of the first round minus that of the second', () => {
    const ids = [9, 1, 2, 3, 1, 2, 3];
    const tokenLoss = Float32Array.of(Number.NaN, 6, 6, 6, 6, 2, 1);
    expect(observe(repeatGain, { ids, tokenLoss })).toEqual([4.5]);
    expect(measureOver(repeatGain, [[4.5], [1.5]])).toBe(3);
  });
});
