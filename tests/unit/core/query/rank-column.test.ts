import { describe, expect, it } from 'vitest';
import { rankColumn } from '../../../../src/core/query/rank-column.ts';

describe('ranking a column', () => {
  const values = Float32Array.of(0.5, NaN, 2, -1, 0.5);

  it('orders from the largest or the smallest on, equal ones as they stand, without those that have no value', () => {
    expect(rankColumn(values)).toEqual([2, 0, 4, 3]);
    expect(rankColumn(values, true)).toEqual([3, 0, 4, 2]);
  });
});
