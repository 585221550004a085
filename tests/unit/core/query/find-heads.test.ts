import { expect, it } from 'vitest';
import { findHeads } from '../../../../src/core/query/find-heads.ts';
import type { HeadColumns } from '../../../../src/core/query/head-columns.ts';
import { random } from '../../random.ts';

function columnsOf(values: readonly number[]): HeadColumns {
  const count = values.length;
  return {
    count,
    models: ['a', 'b'].map((id) => ({ id, name: id, family: 'f' })),
    stacks: ['self'],
    model: Uint16Array.from({ length: count }, (_, at) => at % 2),
    stack: new Uint8Array(count),
    layer: new Uint16Array(count),
    head: Uint16Array.from({ length: count }, (_, at) => at),
    metrics: new Map([['m', Float32Array.from(values)]]),
  };
}

const all = { query: { kind: 'all' }, model: '', sort: 'm' } as const;

it('sorts by a metric, equal heads in their order, those without it last in both directions', () => {
  const columns = columnsOf([0.5, NaN, -2, 0, 0.5, -0, 1e-30, -1e-30, 3]);
  expect(findHeads(columns, { ...all, isAscending: true })).toEqual([2, 7, 3, 5, 6, 0, 4, 8, 1]);
  expect(findHeads(columns, { ...all, isAscending: false })).toEqual([8, 0, 4, 6, 3, 5, 7, 2, 1]);
});

it('sorts as comparing pairs of numbers does', () => {
  const numbers = random(3);
  const values = Array.from({ length: 2000 }, () =>
    Math.fround((numbers.next() - 0.5) * 10 ** (numbers.next() * 20 - 10)),
  );
  const expected = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  expect(findHeads(columnsOf(values), { ...all, isAscending: false })).toEqual(expected);
});

it('keeps to the query, the model, and the order of the columns where the metric is unknown', () => {
  const columns = columnsOf([1, 2, 3, 4]);
  const query = { kind: 'compare', name: 'm', operator: '>', value: 1 } as const;
  expect(findHeads(columns, { query, model: 'b', sort: 'm', isAscending: false })).toEqual([3, 1]);
  expect(findHeads(columns, { ...all, sort: 'none', isAscending: false })).toEqual([0, 1, 2, 3]);
  expect(findHeads(columns, { ...all, model: 'nobody', isAscending: false })).toEqual([]);
});
