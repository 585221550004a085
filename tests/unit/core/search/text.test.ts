import { describe, expect, it } from 'vitest';
import { excerptOf, findWords, matchedWords, wordsOf } from '../../../../src/core/search/excerpt.ts';
import { languageName, languageOf } from '../../../../src/core/search/language.ts';
import { searchTerm, separateSigns } from '../../../../src/core/search/unspaced-signs.ts';

describe('scripts without spaces', () => {
  it('are indexed sign by sign, with the marks of each', () => {
    expect(wordsOf(separateSigns('東京タワー at สวัสดี'))).toEqual([
      ...['東', '京', 'タ', 'ワ', 'ー', 'at', 'ส', 'วั', 'ส', 'ดี'],
    ]);
  });

  it.each([
    ['a run of signs is a phrase', '简单', '"简 单"'],
    ['among words, each is a word', '简单 test', '简 单 test'],
    ['words stay as they are', ' stone  lamp ', 'stone lamp'],
    ['a quoted phrase stays one', '"river coat"', '"river coat"'],
    ['spaced scripts stay words', 'नमस्ते مرحبا 한국어', 'नमस्ते مرحبا 한국어'],
    ['signs of code stay', '-> x==1', '-> x==1'],
    ['nothing stays nothing', '  ', ''],
  ])('%s', (_what, query, term) => {
    expect(searchTerm(query)).toBe(term);
  });
});

describe('an excerpt', () => {
  const text = (parts: ReturnType<typeof excerptOf>) =>
    parts.map(({ text: own, isMatch }) => (isMatch ? `[${own}]` : own)).join('');

  it('shows the words around most matches, and where something was left out', () => {
    const words = 'a b c d e f g h i j'.split(' ');
    expect(text(excerptOf(words, [7], 3))).toBe('… g [h] i …');
    expect(text(excerptOf(words, [0, 5, 6, 7], 4))).toBe('… [f] [g] [h] i …');
    expect(text(excerptOf(words, [], 20))).toBe('a b c d e f g h i j');
  });

  it('joins signs as they stood, and marks a run as one', () => {
    const words = wordsOf(separateSigns('这是一段简单的文本。 hello'));
    expect(text(excerptOf(words, [4, 5], 30))).toBe('这是一段[简单]的文本。 hello');
  });

  it('tells which words were matched, without what stands around them', () => {
    const words = wordsOf(separateSigns('the lamp. 简单 (Lamp), == lamp.'));
    expect(matchedWords(words, [1, 2, 3, 4, 5, 6], 12)).toEqual(['lamp', '简单', 'Lamp', '==']);
    expect(matchedWords(words, [1, 4], 1)).toEqual(['lamp']);
  });
});

describe('words in a text', () => {
  it('are found whole, not in other words', () => {
    expect(findWords('lamp lamps clamp lamp-post Lamp', ['lamp'])).toEqual([
      [0, 4],
      [17, 21],
    ]);
  });

  it('are found as runs of signs anywhere, and do not overlap', () => {
    expect(findWords('一段简单的', ['简单', '单的'])).toEqual([[2, 4]]);
  });

  it('count UTF-16 units behind characters outside the basic plane', () => {
    expect(findWords('🙂 lamp', ['lamp'])).toEqual([[3, 7]]);
  });
});

describe('the language of a text', () => {
  it.each([
    ['stone lamp', undefined, 'und-Latn', 'Latin script'],
    ['stone lamp', 'EN-us', 'en-US', 'American English'],
    ['stone lamp', 'not a tag', 'und-Latn', 'Latin script'],
    ['東京タワーへ行く', undefined, 'ja', 'Japanese'],
    ['这是一段简单的文本', undefined, 'zh', 'Chinese'],
    ['한국어 텍스트', undefined, 'ko', 'Korean'],
    ['नमस्ते दुनिया', undefined, 'und-Deva', 'Devanagari script'],
    ['مرحبا بالعالم', undefined, 'und-Arab', 'Arabic script'],
    ['1 + 1 = 2 ;', undefined, 'zxx', 'No language'],
  ])('of %j stated as %j is %s', (text, stated, tag, name) => {
    expect(languageOf(text, stated)).toBe(tag);
    expect(languageName(tag)).toBe(name);
  });
});
