import { describe, expect, it } from 'vitest';
import { memoryToDerive, threadsWithin, wayToCompute } from '../../pipeline/memory.ts';
import type { ComputedJob } from '../../pipeline/stages/plan.ts';
import { parseSize } from '../../src/schema/size.ts';

/** A job of 2 layers of 4 heads on so many tokens, of a model whose weights have 1 MB. */
function job(tokens: number): ComputedJob {
  const part = {
    stacks: [{ layout: { kind: 'causal', n: tokens }, heads: 4, layers: [0, 1] }],
    tokenized: { ids: Array.from({ length: tokens }, () => 1) },
    model: { checkpoint: { weightsBytes: 1e6, description: { vocabularySize: 1000 } } },
  };
  return part as unknown as ComputedJob;
}

describe('a size', () => {
  it('is read in decimal units', () => {
    const sizes = { '2G': 2e9, '2.5GB': 2.5e9, '800M': 8e8, '1 kB': 1000, '123456': 123_456, '1t': 1e12 };
    for (const [text, bytes] of Object.entries(sizes)) expect([text, parseSize(text)]).toEqual([text, bytes]);
  });

  it('is nothing else', () => {
    for (const text of ['', 'lots', '0', '-1G', '1.2.3G', '2GiB', '9999999999T', '0x10']) {
      expect([text, parseSize(text)]).toEqual([text, undefined]);
    }
  });
});

describe('what a job needs', () => {
  it('grows with the square of its tokens, beside program and weights', () => {
    const patterns = 5.5 * 4 * 100 ** 2 * 8;
    expect(memoryToDerive(job(100))).toBe(patterns);
    expect(wayToCompute(job(100), { hasLoss: false })).toEqual({ bytes: 171e6 + patterns });
    expect(wayToCompute(job(100), { hasLoss: true }).bytes).toBe(171e6 + patterns + 4 * 4 * 100 * 1000);
    expect(wayToCompute(job(100), { hasLoss: false, hasScores: true }).bytes).toBe(171e6 + 2 * patterns);
    expect(wayToCompute(job(100), { hasLoss: false, hasEffects: true }).bytes).toBe(
      171e6 + patterns + 2 * 4 * 100 ** 2 * 8,
    );
    expect(memoryToDerive(job(200))).toBe(4 * patterns);
  });

  it('is that of one layer where all need more than is allowed, or much', () => {
    const oneLayer = { layersAtOnce: 1, bytes: 171e6 + 4 * 4 * 1000 ** 2 * 4 };
    expect(wayToCompute(job(1000), { hasLoss: false }, 2e9)).toEqual({
      bytes: 171e6 + 5.5 * 4 * 1000 ** 2 * 8,
    });
    expect(wayToCompute(job(1000), { hasLoss: false }, 2e8)).toEqual(oneLayer);
    expect(wayToCompute(job(1000), { hasLoss: false }, 1)).toEqual(oneLayer);
    expect(wayToCompute(job(5000), { hasLoss: false }).layersAtOnce).toBe(1);
  });

  it('decides how many threads derive, at least one', () => {
    const need = memoryToDerive(job(1000));
    expect(threadsWithin(undefined, 8, [job(1000)])).toBe(8);
    expect(threadsWithin(170e6 + 3.5 * need, 8, [job(10), job(1000)])).toBe(3);
    expect(threadsWithin(1, 8, [job(1000)])).toBe(1);
    expect(threadsWithin(1e12, 8, [])).toBe(8);
  });
});
