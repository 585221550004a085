import { describe, expect, it } from 'vitest';
import { bandEnergy } from '../../../../src/core/metrics/band-energy.ts';
import { currentToken } from '../../../../src/core/metrics/current-token.ts';
import { distanceSpread } from '../../../../src/core/metrics/distance-spread.ts';
import { distance } from '../../../../src/core/metrics/distance.ts';
import { firstToken } from '../../../../src/core/metrics/first-token.ts';
import { measure } from '../../../../src/core/metrics/metric.ts';
import { positionalShare } from '../../../../src/core/metrics/positional-share.ts';
import { previousToken } from '../../../../src/core/metrics/previous-token.ts';
import { sinkRate } from '../../../../src/core/metrics/sink-rate.ts';
import { slash } from '../../../../src/core/metrics/slash.ts';
import { patternOf } from '../../../../src/core/pattern.ts';
import { causal, even, pointing } from './patterns.ts';

const toSelf = pointing(8, (query) => query);
const toPrevious = pointing(8, (query) => Math.max(0, query - 1));
const toFirst = pointing(8, () => 0);

describe('metrics of position', () => {
  it('previous token: 1 on the diagonal below, 1/7 where only the second query can', () => {
    expect(measure(previousToken, { pattern: toPrevious })).toBe(1);
    expect(measure(previousToken, { pattern: toFirst })).toBeCloseTo(1 / 7, 6);
    expect(measure(previousToken, { pattern: even(4) })).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4) / 3, 6);
  });

  it('current token: 1 on the diagonal, 0 elsewhere, the first query left out', () => {
    expect(measure(currentToken, { pattern: toSelf })).toBe(1);
    expect(measure(currentToken, { pattern: toFirst })).toBe(0);
    expect(measure(currentToken, { pattern: even(3) })).toBeCloseTo((1 / 2 + 1 / 3) / 2, 6);
  });

  it('first token: the mean of the first column without its first cell', () => {
    expect(measure(firstToken, { pattern: toFirst })).toBe(1);
    expect(measure(firstToken, { pattern: toSelf })).toBe(0);
    expect(measure(firstToken, { pattern: causal([[1], [0.2, 0.8], [0.6, 0.4, 0]]) })).toBeCloseTo(0.4, 6);
  });

  it('sink rate: the share of queries above 0.3', () => {
    const pattern = causal([[1], [0.2, 0.8], [0.31, 0.69, 0], [0.29, 0, 0, 0.71], [1]]);
    expect(measure(sinkRate, { pattern })).toBe(0.5);
  });

  it('slash: the best diagonal, whichever it is', () => {
    const threeBack = pointing(8, (query) => Math.max(0, query - 3));
    expect(measure(slash, { pattern: threeBack })).toBe(1);
    expect(measure(slash, { pattern: toFirst })).toBeCloseTo(1 / 4, 6); // of the last diagonal with 4 cells
    const after = patternOf({ kind: 'square', n: 6 }, new Float32Array(36));
    for (let query = 0; query < 5; query++) after.values[query * 6 + query + 1] = 1;
    expect(measure(slash, { pattern: after })).toBe(1);
  });

  it('distance: 0 to oneself, 1 to the first token', () => {
    expect(measure(distance, { pattern: toSelf })).toBe(0);
    expect(measure(distance, { pattern: toFirst })).toBe(1);
    // Query 1 looks 1 of 1 back, query 2 half of it 2 of 2.
    expect(measure(distance, { pattern: causal([[1], [1, 0], [0.5, 0, 0.5]]) })).toBeCloseTo(0.75, 6);
  });

  it('distance is of what attention there is, where a sink takes a part', () => {
    expect(measure(distance, { pattern: causal([[0.5], [0.5, 0], [0.1, 0, 0]]) })).toBeCloseTo(1, 6);
  });

  it('spread of distance: 0 for one distance, 1 for both ends', () => {
    expect(measure(distanceSpread, { pattern: toPrevious })).toBe(0);
    const ends = causal([[1], [0.5, 0.5], [0.5, 0, 0.5], [0.5, 0, 0, 0.5]]);
    expect(measure(distanceSpread, { pattern: ends })).toBeCloseTo(1, 6);
  });

  it('band energy: 1 within four tokens, less by squares outside', () => {
    expect(measure(bandEnergy, { pattern: toPrevious })).toBe(1);
    expect(measure(bandEnergy, { pattern: toFirst })).toBe(0);
    const half = causal([[1], [0, 1], [0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0, 1], [0.6, 0, 0, 0, 0, 0.2]]);
    expect(measure(bandEnergy, { pattern: half })).toBeCloseTo(0.04 / 0.4, 5);
  });

  it('positional share: 1 where distance says all, and as computed by hand', () => {
    expect(measure(positionalShare, { pattern: toSelf })).toBeCloseTo(1, 6);
    // Diagonal 1, 0.5, 0.5 (mean 2/3), below 0.5, 0.5, then 0: residuals 1/6 of the sum of squares about the mean 0.5.
    const pattern = causal([[1], [0.5, 0.5], [0, 0.5, 0.5]]);
    const total = 0.25 + 0.25;
    const left = (1 / 3) ** 2 + 2 * (1 / 6) ** 2;
    expect(measure(positionalShare, { pattern })).toBeCloseTo(1 - left / total, 6);
  });

  it('positional share is not defined where all cells are alike', () => {
    const flat = patternOf({ kind: 'square', n: 4 }, new Float32Array(16).fill(0.25));
    expect(measure(positionalShare, { pattern: flat })).toBeNull();
  });

  it('nothing of this is defined between two texts but the first token', () => {
    const between = patternOf({ kind: 'rectangle', rows: 2, columns: 3 }, new Float32Array(6).fill(1 / 3));
    for (const metric of [
      previousToken,
      currentToken,
      slash,
      distance,
      distanceSpread,
      bandEnergy,
      positionalShare,
    ]) {
      expect(measure(metric, { pattern: between }), metric.name).toBeNull();
    }
    expect(measure(firstToken, { pattern: between })).toBeCloseTo(1 / 3, 6);
  });
});
