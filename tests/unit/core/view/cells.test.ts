import { describe, expect, it } from 'vitest';
import { patternOf, type Pattern } from '../../../../src/core/pattern.ts';
import { cellCodes } from '../../../../src/core/pack/quantize.ts';
import { cellError, cellValue, formatCell, formatNumber } from '../../../../src/core/view/cell-value.ts';
import { cellWords, describeCell } from '../../../../src/core/view/describe-cell.ts';
import {
  areComparable,
  jointTokens,
  meanTotalVariation,
  otherTokens,
  subtract,
} from '../../../../src/core/view/difference.ts';
import { linkedCell, linkSentence } from '../../../../src/core/view/link-panes.ts';
import { movedCell, plotAction } from '../../../../src/core/view/plot-keys.ts';
import { rankKeys } from '../../../../src/core/view/rank-keys.ts';
import { tokenLabel, tokenParts } from '../../../../src/core/view/token-marks.ts';

function causal(rows: readonly (readonly number[])[]): Pattern {
  const n = rows.length;
  const values = new Float32Array(n * n);
  for (const [query, row] of rows.entries()) values.set(row, query * n);
  return patternOf({ kind: 'causal', n }, values);
}

const pattern = causal([[1], [0.25, 0.75], [0.5, 0.125, 0.375], [0.25, 0.25, 0.25, 0.25]]);
const tokens = ['<s>', 'The', ' cat', '\n'];
const exact = { pattern, tokens, precision: 'exact', maxError: 0 } as const;

describe('a cell', () => {
  it('has a value where its query sees the key', () => {
    expect(cellValue(pattern, { query: 2, key: 1 })).toBe(0.125);
    expect(cellValue(pattern, { query: 1, key: 2 })).toBeUndefined();
    expect(cellValue(pattern, { query: 9, key: 0 })).toBeUndefined();
  });

  it.each([
    [0.431373, 0.00196, '0.4314', '0.002'],
    [0.5, 0.0039, '0.5000', '0.004'],
    [0.03543, 0.00074, '0.03543', '0.0008'],
    [-0.25, 0.001, '−0.2500', '0.001'],
    [0.123456789, 0, '0.123457', ''],
    [1, 0, '1', ''],
  ])('%d with the error %d reads %s ± %s', (value, error, digits, bound) => {
    expect(formatCell(value, error)).toEqual({ value: digits, error: bound });
  });

  it('never states a smaller error than it has', () => {
    for (let error = 1e-6; error < 0.5; error *= 1.37) {
      expect(Number(formatCell(0.5, error).error)).toBeGreaterThanOrEqual(error * 0.999999);
    }
  });

  it('has the error of its precision: what is stored differs by no more from what was computed', () => {
    for (const precision of ['compact', 'fine'] as const) {
      const maxError = precision === 'compact' ? 1 / 510 : 1 / 255;
      for (let value = 0; value <= 1; value += 0.0007) {
        const read =
          cellCodes[precision].decode(cellCodes[precision].encode(Float32Array.of(value)).bytes)[0] ?? -1;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(cellError(precision, maxError, read) + 1e-7);
      }
    }
    expect(cellError('fine', 0.0039, 0.0001)).toBeLessThan(0.0001);
  });

  it('is said in words, with marks to look at and without them to hear', () => {
    const of = {
      pattern,
      queryTokens: tokens,
      keyTokens: tokens,
      precision: 'fine',
      maxError: 0.004,
    } as const;
    expect(cellWords(of, { query: 3, key: 2 })).toEqual({
      query: '⏎',
      key: '·cat',
      value: '0.2500',
      error: '0.002',
    });
    expect(describeCell(of, { query: 3, key: 2 })).toBe('query newline (3), key cat (2): 0.2500');
    expect(describeCell(of, { query: 0, key: 2 })).toBe(
      'query <s> (0), key cat (2): comes later and is not seen',
    );
  });

  it('is one of its row, largest first, earlier first where they are equal', () => {
    expect(rankKeys(pattern, 2)).toEqual([
      { key: 0, value: 0.5 },
      { key: 2, value: 0.375 },
      { key: 1, value: 0.125 },
    ]);
    expect(rankKeys(pattern, 3).map(({ key }) => key)).toEqual([0, 1, 2, 3]);
    for (const query of [0, 1, 2, 3]) {
      for (const most of [0, 1, 2, 3, 9]) {
        expect(rankKeys(pattern, query, most)).toEqual(rankKeys(pattern, query).slice(0, most));
      }
    }
  });

  it.each([
    [0.1 + 0.2, '0.3'],
    [-1, '−1'],
    [1e-7, '1e−7'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('the difference of two patterns', () => {
  const first = causal([[1], [1, 0], [1, 0, 0], [1, 0, 0, 0]]);
  const last = causal([[1], [0, 1], [0, 0, 1], [0, 0, 0, 1]]);

  it('is the second minus the first', () => {
    expect(subtract(first, last).values).toEqual(
      Float32Array.of(0, 0, 0, 0, -1, 1, 0, 0, -1, 0, 1, 0, -1, 0, 0, 1),
    );
  });

  it('is summed up as the mean total-variation distance', () => {
    expect(meanTotalVariation({ ...exact, pattern: first }, { ...exact, pattern: last })).toEqual({
      distance: 0.75,
      error: 0,
    });
    expect(meanTotalVariation(exact, exact).distance).toBe(0);
    const compact = { ...exact, precision: 'compact', maxError: 0.002 } as const;
    expect(meanTotalVariation(exact, compact).error).toBeCloseTo(0.002 * 2, 9);
  });

  it('needs as many tokens, half of them the same', () => {
    expect(areComparable(exact, { ...exact, pattern: last })).toBe(true);
    const dog = { ...exact, tokens: ['<s>', 'The', ' dog', '\n'] };
    expect(areComparable(exact, dog)).toBe(true);
    expect(jointTokens(exact, dog)).toEqual(['<s>', 'The', ' cat / dog', '\n']);
    expect(otherTokens(exact, dog)).toBe(1);
    expect(areComparable(exact, { ...exact, tokens: ['<s>', 'A', ' dog', '!'] })).toBe(false);
    expect(areComparable(exact, { ...exact, tokens: ['<s>', 'The', ' cat'] })).toBe(false);
    const square = patternOf({ kind: 'square', n: 4 }, new Float32Array(16));
    expect(areComparable(exact, { ...exact, pattern: square })).toBe(false);
  });
});

describe('panes', () => {
  it('share positions as far as they go', () => {
    expect(linkedCell({ rows: 4, columns: 3 }, { query: 7, key: 1 })).toEqual({ query: 3, key: 1 });
    expect(linkedCell({ rows: 4, columns: 3 }, undefined)).toBeUndefined();
  });

  it('say what they share', () => {
    const pane = (number: number, shown: readonly string[]) => ({ number, tokens: shown });
    expect(linkSentence([pane(1, tokens)])).toBe('');
    expect(linkSentence([pane(1, tokens), pane(2, [...tokens])])).toBe(
      'All panes show the same 4 tokens; pointer, pin and zoom are shared.',
    );
    expect(linkSentence([pane(1, tokens), pane(2, ['a', 'b', 'c', 'd']), pane(4, ['x'])])).toBe(
      'Pointer, pin and zoom are shared by position. Pane 2 has other tokens than pane 1, but as many (4). ' +
        'Pane 4 has other tokens than pane 1 (1 instead of 4): the same position is another place in the text there.',
    );
  });
});

describe('keys', () => {
  const press = (
    key: string,
    held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {},
  ) => plotAction({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...held });

  it('move by one, and by ten with Ctrl or Shift', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'move', queries: 1, keys: 0 });
    expect(press('ArrowLeft', { ctrlKey: true })).toEqual({ kind: 'move', queries: 0, keys: -10 });
    expect(press('ArrowLeft', { shiftKey: true })).toEqual({ kind: 'move', queries: 0, keys: -10 });
  });

  it('that belong to the browser are left to it', () => {
    expect(press('ArrowLeft', { altKey: true })).toBeUndefined();
    expect(press('+', { ctrlKey: true })).toBeUndefined();
    expect(press('0', { metaKey: true })).toBeUndefined();
    expect(press('Tab')).toBeUndefined();
  });

  it('lead to cells inside the pattern', () => {
    const cell = { query: 2, key: 1 };
    const move = (queries: number, keys: number) => movedCell(pattern, cell, { kind: 'move', queries, keys });
    expect(move(10, 0)).toEqual({ query: 3, key: 1 });
    expect(move(0, -10)).toEqual({ query: 2, key: 0 });
    expect(movedCell(pattern, cell, { kind: 'edge', of: 'row', end: 'last' })).toEqual({ query: 2, key: 2 });
    expect(movedCell(pattern, cell, { kind: 'edge', of: 'column', end: 'first' })).toEqual({
      query: 0,
      key: 1,
    });
  });
});

describe('a token', () => {
  it.each([
    [' the', '·the'],
    ['the cat ', 'the cat·'],
    ['\n\n', '⏎⏎'],
    ['a\tb', 'a⇥b'],
    ['   ', '···'],
    ['', '∅'],
    ['\u200b', '‹200B›'],
    ['\u0000', '‹0000›'],
    ['日本', '日本'],
    ['👩‍👩‍👧', '👩‹200D›👩‹200D›👧'],
  ])('%j shows as %s', (token, label) => {
    expect(tokenLabel(token)).toBe(label);
  });

  it('is cut between letters as a person counts them', () => {
    expect(tokenLabel(' understanding', 6)).toBe('·unde…');
    expect(tokenLabel('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('keeps its letters apart from its marks', () => {
    expect(tokenParts(' a b\n')).toEqual([
      { text: '·', isMark: true },
      { text: 'a b', isMark: false },
      { text: '⏎', isMark: true },
    ]);
  });
});
