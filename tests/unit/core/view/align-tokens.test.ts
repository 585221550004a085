import { describe, expect, it } from 'vitest';
import { alignPosition, alignToken, type TokenPlaces } from '../../../../src/core/view/align-tokens.ts';
import { linkedCell, linkedWindow, linkSentence } from '../../../../src/core/view/link-panes.ts';

// "lamp light" as <s> lamp _light, as la mp _li ght </s>, and as words without the space.
const words: TokenPlaces = [
  [0, 0],
  [0, 4],
  [4, 10],
];
const pieces: TokenPlaces = [
  [0, 2],
  [2, 4],
  [4, 7],
  [7, 10],
  [10, 10],
];
const spaceless: TokenPlaces = [
  [0, 4],
  [5, 10],
];

describe('a token of one cut in another', () => {
  it('is the first that covers most of the same characters', () => {
    expect([1, 2].map((at) => alignToken(words, pieces, at))).toEqual([0, 2]);
    expect([0, 1, 2, 3].map((at) => alignToken(pieces, words, at))).toEqual([1, 1, 2, 2]);
    expect(alignToken(words, spaceless, 2)).toBe(1);
  });

  it('is the special token at the same end, or the nearest token', () => {
    expect(alignToken(words, pieces, 0)).toBe(0);
    expect(alignToken(pieces, words, 4)).toBe(2);
    expect(alignToken([...words, [10, 10]], pieces, 3)).toBe(4);
  });

  it('is the next where none covers any of it', () => {
    const apart: TokenPlaces = [
      [0, 4],
      [4, 5],
      [5, 10],
    ];
    expect(alignToken(apart, spaceless, 1)).toBe(1);
  });

  it('is itself in the same cut', () => {
    expect([0, 1, 2].map((at) => alignToken(words, words, at))).toEqual([0, 1, 2]);
  });
});

describe('an edge between tokens', () => {
  it('keeps its character, inside a token where it must', () => {
    expect(alignPosition(pieces, words, 1)).toBe(1.5);
    expect(alignPosition(pieces, words, 2)).toBe(2);
    expect(alignPosition(words, pieces, 2)).toBe(2);
    expect(alignPosition(words, pieces, 1.5)).toBe(1);
    expect(alignPosition(words, pieces, 3)).toBe(5);
  });
});

describe('linked plots', () => {
  const plot = (places: TokenPlaces, text = 'a') => ({
    rows: places.length,
    columns: places.length,
    text,
    queries: places,
    keys: places,
  });

  it('follow the characters of one text, and positions of different ones', () => {
    expect(linkedCell(plot(words), { query: 3, key: 1 }, plot(pieces))).toEqual({ query: 2, key: 1 });
    expect(linkedCell(plot(words, 'b'), { query: 3, key: 1 }, plot(pieces))).toEqual({ query: 2, key: 1 });
    expect(linkedCell(plot(words, 'b'), { query: 3, key: 0 }, plot(pieces))).toEqual({ query: 2, key: 0 });
    expect(linkedCell(plot(words), { query: 3, key: 0 }, plot(pieces))).toEqual({ query: 2, key: 1 });
  });

  it('show the same characters when one is zoomed', () => {
    const long: TokenPlaces = Array.from({ length: 32 }, (_, at) => [2 * at, 2 * at + 2]);
    const coarse: TokenPlaces = Array.from({ length: 16 }, (_, at) => [4 * at, 4 * at + 4]);
    const window = { zoom: 4, top: 16, left: 8 };
    expect(linkedWindow(plot(coarse), window, plot(long))).toEqual({ zoom: 4, top: 8, left: 4 });
    expect(linkedWindow(plot(coarse, 'b'), window, plot(long))).toEqual({ zoom: 4, top: 12, left: 8 });
  });

  it('say what they follow', () => {
    const pane = (number: number, tokens: string[], hasPlaces: boolean, text = 'a') => ({
      number,
      tokens,
      hasPlaces,
      text,
    });
    expect(linkSentence([pane(1, ['a b'], true), pane(2, ['a', 'b'], true)])).toBe(
      'Pane 2 has other tokens of the text of pane 1 (2 beside 1): pointer, pin and zoom follow its characters.',
    );
    expect(linkSentence([pane(1, ['a b'], true), pane(2, ['a', 'b'], false)])).toContain(
      'It is not known where their tokens lie in the text they share.',
    );
  });
});
