import { describe, expect, it } from 'vitest';
import { parseShard, shareOf } from '../../../pipeline/shard.ts';
import type { Job } from '../../../pipeline/stages/plan.ts';

/** A job that reads so many tokens, for what decides on its share. */
function job(tokens: number): Job {
  const part = {
    tokenized: { ids: Array.from({ length: tokens }, (_, at) => at) },
    stacks: [{ layout: { kind: 'causal', n: tokens }, heads: 2, layers: [0, 1] }],
    model: { checkpoint: { parameters: 1000 } },
  };
  return part as unknown as Job;
}

describe('the shares of a run', () => {
  it.each([1, 2, 3, 7, 40])('of %i hold every job once, in order', (count) => {
    const jobs = Array.from({ length: 23 }, (_, at) => job(1 + ((at * 7) % 90)));
    const shares = Array.from({ length: count }, (_, at) => shareOf(jobs, { index: at + 1, count }));
    expect(shares.flat()).toEqual(jobs);
  });

  it('are alike in work, not in number', () => {
    const jobs = [job(1000), ...Array.from({ length: 100 }, () => job(10))];
    expect(shareOf(jobs, { index: 1, count: 2 })).toHaveLength(1);
  });

  it('are read, and the last one by 0, too', () => {
    expect(parseShard('2/4')).toEqual({ index: 2, count: 4 });
    expect(parseShard('0/4')).toEqual({ index: 4, count: 4 });
    for (const text of ['5/4', '1/0', '1', '', '1/', '-1/4', '1/4/2', '1.5/4', '1/1000000']) {
      expect([text, parseShard(text)]).toEqual([text, undefined]);
    }
  });
});
