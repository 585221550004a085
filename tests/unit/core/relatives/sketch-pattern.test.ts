import { describe, expect, it } from 'vitest';
import { patternOf, visibleKeys, type Pattern } from '../../../../src/core/pattern.ts';
import { SKETCH_SIZE, sketchPattern } from '../../../../src/core/relatives/sketch-pattern.ts';
import { random } from '../../random.ts';

const N = 24;

/** A causal pattern whose query i attends to key `of(i)` alone. */
function pointing(of: (query: number) => number, n = N): Pattern {
  const values = new Float32Array(n * n);
  for (let query = 0; query < n; query++) values[query * n + of(query)] = 1;
  return patternOf({ kind: 'causal', n }, values);
}

const previous = pointing((query) => Math.max(0, query - 1));
const current = pointing((query) => query);
const first = pointing(() => 0);

/** A causal pattern with rows that sum to 1, most of each on a few keys. */
function drawn(numbers: ReturnType<typeof random>): Pattern {
  const values = new Float32Array(N * N);
  for (let query = 0; query < N; query++) {
    const row = Array.from({ length: query + 1 }, () => numbers.next() ** 6);
    const sum = row.reduce((total, value) => total + value, 0);
    for (const [key, value] of row.entries()) values[query * N + key] = value / sum;
  }
  return patternOf({ kind: 'causal', n: N }, values);
}

/** The mean over the queries that see two keys of ½ Σ (√a − √b)². */
function exact(a: Pattern, b: Pattern): number {
  let sum = 0;
  let queries = 0;
  for (let query = 0; query < a.rows; query++) {
    if (visibleKeys(a, query) < 2) continue;
    queries++;
    for (let key = 0; key < a.columns; key++) {
      const at = query * a.columns + key;
      sum += (Math.sqrt(a.values[at] ?? 0) - Math.sqrt(b.values[at] ?? 0)) ** 2 / 2;
    }
  }
  return sum / queries;
}

function estimated(a: Pattern, b: Pattern): number {
  const [one, other] = [sketchPattern(a), sketchPattern(b)];
  return one.reduce((sum, value, at) => sum + (value - (other[at] ?? 0)) ** 2, 0);
}

describe('sketches of patterns', () => {
  it('are the same for the same pattern, and about 1 apart where nothing is shared', () => {
    expect(
      estimated(
        previous,
        pointing((query) => Math.max(0, query - 1)),
      ),
    ).toBe(0);
    expect(exact(previous, current)).toBe(1);
    for (const [a, b] of [
      [previous, current],
      [first, current],
      [previous, first],
    ] as const) {
      // Three standard deviations of a count sketch.
      expect(Math.abs(estimated(a, b) / exact(a, b) - 1)).toBeLessThan(3 * Math.sqrt(2 / SKETCH_SIZE));
    }
  });

  it('tell the exact distance on average, as closely as they say', () => {
    const numbers = random(11);
    const ratios = Array.from({ length: 400 }, () => {
      const [a, b] = [drawn(numbers), drawn(numbers)];
      return estimated(a, b) / exact(a, b);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    const spread = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length);
    expect(mean).toBeGreaterThan(0.95);
    expect(mean).toBeLessThan(1.05);
    expect(spread).toBeLessThan(1.2 * Math.sqrt(2 / SKETCH_SIZE));
  });

  it('count what a row lacks: half of a row that is empty in the other', () => {
    const empty = patternOf({ kind: 'causal', n: N }, new Float32Array(N * N));
    expect(exact(empty, current)).toBe(0.5);
    expect(Math.abs(2 * estimated(empty, current) - 1)).toBeLessThan(3 * Math.sqrt(2 / SKETCH_SIZE));
    expect(estimated(empty, empty)).toBe(0);
  });

  it('are nothing of one token, and finite where a value is below 0 by a rounding error', () => {
    expect([...sketchPattern(pointing(() => 0, 1))]).toEqual(Array(SKETCH_SIZE).fill(0));
    const values = Float32Array.of(1, 0, -1e-9, 1);
    expect([...sketchPattern(patternOf({ kind: 'causal', n: 2 }, values))].every(Number.isFinite)).toBe(true);
  });

  it('do not depend on what was sketched before', () => {
    const small = sketchPattern(pointing((query) => query, 5));
    sketchPattern(pointing((query) => query, 40));
    expect(sketchPattern(pointing((query) => query, 5))).toEqual(small);
  });
});
