import { describe, expect, it } from 'vitest';
import {
  byColumn,
  decodeColumn,
  decodeIds,
  encodeColumn,
  encodeIds,
  fragmentNumber,
  headColumn,
} from '../../../../src/core/search/columns.ts';
import { splitStrongest, withStrongest } from '../../../../src/core/search/strongest-mark.ts';

describe('the names of prompts in the index', () => {
  it.each([[['en_a87ef78', 'en_00000ff']], [['en_a87ef78', 'en_a87ef78123']]])('survive: %j', (ids) => {
    const positions = decodeIds(encodeIds(ids), ids.length);
    expect(ids.map((id) => positions.get(fragmentNumber(id)))).toEqual([0, 1]);
  });

  it('are refused where Pagefind names otherwise, or the file is cut off', () => {
    expect(() => fragmentNumber('en_xyz')).toThrow(RangeError);
    expect(() => decodeIds(new Uint8Array(7), 2)).toThrow(RangeError);
  });
});

describe('a column', () => {
  it('survives with its heads, and is refused at another length', () => {
    const file = encodeColumn(headColumn([{ value: 0.5, head: 7 }, null]));
    const column = decodeColumn(file, 2);
    expect([...column.values]).toEqual([0.5, NaN]);
    expect(column.heads?.[0]).toBe(7);
    expect(() => decodeColumn(file, 3)).toThrow(RangeError);
    expect(decodeColumn(encodeColumn({ values: Float32Array.of(3, 4) }), 2).heads).toBeUndefined();
  });

  it('orders prompts, those without a value last', () => {
    const column = { values: Float32Array.of(0.2, NaN, 0.9, 0.2) };
    expect(byColumn([0, 1, 2, 3], column, 'descending')).toEqual([2, 0, 3, 1]);
    expect(byColumn([3, 2, 1, 0], column, 'ascending')).toEqual([3, 0, 2, 1]);
  });
});

describe('the strongest head behind an address', () => {
  it('comes back, and is absent where there is none', () => {
    const strongest = { metric: 'previous-token', value: 0.125, path: '/tiny-gpt2/encoder/L1/H2/' };
    expect(splitStrongest(withStrongest('/prompts/x/', strongest))).toEqual({
      address: '/prompts/x/',
      strongest,
    });
    expect(splitStrongest('/prompts/x/')).toEqual({ address: '/prompts/x/', strongest: undefined });
    expect(splitStrongest('/prompts/x/#notes').strongest).toBeUndefined();
  });
});
