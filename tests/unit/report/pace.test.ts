import { describe, expect, it } from 'vitest';
import { createPace, describeRate } from '../../../pipeline/report/pace.ts';
import { describeDuration } from '../../../src/core/describe-duration.ts';

describe('a pace', () => {
  it('is unknown until two seconds have been seen, then the rate and what is left', () => {
    let at = 0;
    const pace = createPace(() => at);
    expect(pace(0, 100)).toBeUndefined();
    at = 1;
    expect(pace(5, 100)).toBeUndefined();
    at = 4;
    expect(pace(20, 100)).toEqual({ perSecond: 5, secondsLeft: 16 });
  });

  it('forgets items that went by in no time at the beginning', () => {
    let at = 0;
    const pace = createPace(() => at);
    pace(0, 2000);
    at = 0.5;
    pace(1000, 2000); // in the store already
    let last;
    for (let done = 1001; done <= 1040; done++) {
      at += 1;
      last = pace(done, 2000);
    }
    expect(last?.perSecond).toBeCloseTo(1, 1);
    expect(last?.secondsLeft).toBeCloseTo(960, -1);
  });

  it('is unknown while nothing gets done', () => {
    let at = 0;
    const pace = createPace(() => at);
    pace(3, 10);
    at = 15;
    expect(pace(3, 10)).toBeUndefined();
  });
});

describe('words', () => {
  it.each([
    [0.2, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [86, '1 min 26 s'],
    [3599.7, '1 h'],
    [7170, '2 h'],
    [11_100, '3 h 5 min'],
    [187_200, '2 d 4 h'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(describeDuration(seconds)).toBe(words);
  });

  it.each([
    [41.3, '41/s'],
    [2.34, '2.3/s'],
    [0.05, '20 s each'],
  ])('%d a second are %s', (perSecond, words) => {
    expect(describeRate(perSecond)).toBe(words);
  });
});
