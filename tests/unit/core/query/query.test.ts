import { describe, expect, it } from 'vitest';
import { completeQuery } from '../../../../src/core/query/complete-query.ts';
import {
  decodeHeadColumns,
  encodeHeadColumns,
  type HeadColumns,
} from '../../../../src/core/query/head-columns.ts';
import { parseQuery } from '../../../../src/core/query/parse-query.ts';
import { runQuery } from '../../../../src/core/query/run-query.ts';
import { random } from '../../random.ts';

const METRICS = ['induction', 'previous-token', 'entropy'];

/** Two models of 4 layers x 5 heads; induction is layer/10, previous-token head/10, entropy only of the first model. */
function heads(): HeadColumns {
  const count = 40;
  const at = Array.from({ length: count }, (_, index) => index);
  const layer = Uint16Array.from(at, (index) => Math.floor((index % 20) / 5));
  const head = Uint16Array.from(at, (index) => index % 5);
  return {
    count,
    models: [
      { id: 'tiny-gpt2', name: 'tiny/gpt2', family: 'gpt2' },
      { id: 'tiny-neox-500', name: 'tiny/neox-500', family: 'gpt-neox', series: { name: 'run', step: 500 } },
    ],
    stacks: ['self'],
    model: Uint16Array.from(at, (index) => Math.floor(index / 20)),
    stack: new Uint8Array(count),
    layer,
    head,
    metrics: new Map([
      ['induction', Float32Array.from(layer, (value) => value / 10)],
      ['previous-token', Float32Array.from(head, (value) => value / 10)],
      ['entropy', Float32Array.from(at, (index) => (index < 20 ? 0.5 : NaN))],
    ]),
  };
}

function found(text: string, columns = heads()): string[] {
  const parsed = parseQuery(text, METRICS);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const names: string[] = [];
  runQuery(parsed.query, columns).forEach((isFound, at) => {
    if (isFound === 1)
      names.push(`${columns.model[at] ?? ''}L${columns.layer[at] ?? ''}H${columns.head[at] ?? ''}`);
  });
  return names;
}

describe("pattern-lens's selection of heads", () => {
  it.each([
    ['L2H3', 2],
    ['L2H3, L0H0', 4],
    ['L2H3 L0H0', 4],
    ['L0-3H*', 40],
    ['LxH0', 8],
    ['L*H1-2', 16],
    ['l1', 10],
    ['H4', 8],
    ['L9H9', 0],
    ['L2H3, L0-3H*, LxH0', 40],
  ])('%s finds %i heads', (text, count) => {
    expect(found(text)).toHaveLength(count);
  });
});

describe('a query', () => {
  it('compares means and places, and joins what it asks', () => {
    expect(found('induction > 0.2 and layer >= 2 model:tiny-*')).toHaveLength(10);
    expect(found('induction>0.2 model:*gpt2 previous-token = 30%')).toEqual(['0L3H3']);
    expect(found('previous-token >= 0.4 model:tiny/gpt2 L0')).toEqual(['0L0H4']);
    expect(found('step = 500 not (layer > 0 or head > 0)')).toEqual(['1L0H0']);
    expect(found('L0H0 or L3H4 and family:gpt2')).toEqual(['0L0H0', '0L3H4', '1L0H0']);
    expect(found('series:r?n L0H0, L0H1 head != 0')).toEqual(['1L0H1']);
    expect(found('stack:enc*')).toEqual([]);
    expect(found('')).toHaveLength(40);
  });

  it('finds no head by a metric that is not available for it', () => {
    expect(found('entropy != 7')).toHaveLength(20);
    expect(found('entropy < 2 or entropy >= 2')).toHaveLength(20);
  });

  it.each([
    ['inductoin > 0.4', 0, 9, 'Did you mean "induction"?'],
    ['induction 0.4', 10, 3, 'stands one of >'],
    ['induction >', 11, 0, 'ends where a number'],
    ['layer > two', 8, 3, '“two” is no number'],
    ['induction > 0.4 and', 19, 0, 'ends where'],
    ['(L0 or L1', 0, 1, 'not closed'],
    ['L0)', 2, 1, 'can’t stand here'.replace('’', "'")],
    ['modle:x', 0, 5, 'There is no field “modle”'],
    ['model:', 0, 6, 'A name is missing'],
    ['L3-1H0', 0, 6, '3 is larger than 1'],
    ['L0 § H1', 3, 1, '“§” means nothing'],
  ])('%s points at what is wrong', (text, at, length, words) => {
    const parsed = parseQuery(text, METRICS);
    expect(parsed).toMatchObject({ ok: false, fault: { at, length } });
    expect(parsed.ok ? '' : parsed.fault.message).toContain(words);
  });

  it('never throws and never hangs, whatever is typed', () => {
    const pieces = [
      'L0',
      'H*',
      '(',
      ')',
      'not ',
      'and',
      ' or ',
      '>',
      '0.1',
      ':',
      'model:*',
      ',',
      'induction',
      '"',
      '%',
      ' ',
    ];
    const columns = heads();
    for (let seed = 0; seed < 3000; seed++) {
      const r = random(seed);
      const text = Array.from({ length: r.below(30) }, () => r.pick(pieces)).join('');
      const parsed = parseQuery(text, METRICS);
      if (parsed.ok) expect(runQuery(parsed.query, columns)).toHaveLength(columns.count);
      else expect(parsed.fault.at + parsed.fault.length).toBeLessThanOrEqual(text.length);
    }
    expect(parseQuery('('.repeat(5000), METRICS).ok).toBe(false);
    expect(found(`model:${'*a'.repeat(30)}`)).toEqual([]);
  });
});

describe('completion', () => {
  const words = (text: string) =>
    completeQuery(text, text.length, { metrics: METRICS, models: ['tiny-gpt2', 'tiny-neox'] }).map(
      ({ text: word }) => word,
    );

  it('goes on with names that begin like the word, then with those that hold it', () => {
    expect(words('layer > 2 in')).toEqual(['induction']);
    expect(words('to')).toEqual(['previous-token']);
    expect(words('model:tiny-n')).toEqual(['tiny-neox']);
    expect(words('induction > ')).toEqual([]);
  });
});

describe('the columns of heads', () => {
  it('come back from their file as they went', () => {
    const file = encodeHeadColumns(heads());
    expect(decodeHeadColumns(file)).toEqual(heads());
    expect(() => decodeHeadColumns(file.slice(0, -1))).toThrow('cut off');
    expect(() => decodeHeadColumns(file.slice(0, 3))).toThrow('cut off');
  });
});
