import { describe, expect, it } from 'vitest';
import { memoryToCompute, memoryToDerive, threadsWithin } from '../../pipeline/memory.ts';
import type { Job } from '../../pipeline/stages/plan.ts';
import { parseSize } from '../../src/schema/size.ts';

/** A job of 2 layers of 4 heads on so many tokens, of a model whose weights have 1 MB. */
function job(tokens: number): Job {
  const part = {
    stacks: [{ layout: { kind: 'causal', n: tokens }, heads: 4, layers: [0, 1] }],
    model: { checkpoint: { weightsBytes: 1e6 } },
  };
  return part as unknown as Job;
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
    expect(memoryToCompute(job(100))).toBe(101e6 + patterns);
    expect(memoryToDerive(job(200))).toBe(4 * patterns);
  });

  it('decides how many threads derive, at least one', () => {
    const need = memoryToDerive(job(1000));
    expect(threadsWithin(undefined, 8, [job(1000)])).toBe(8);
    expect(threadsWithin(100e6 + 3.5 * need, 8, [job(10), job(1000)])).toBe(3);
    expect(threadsWithin(1, 8, [job(1000)])).toBe(1);
    expect(threadsWithin(1e12, 8, [])).toBe(8);
  });
});
