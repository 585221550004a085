import { describe, expect, it } from 'vitest';
import { fixtureTokenizer } from './fixtures.ts';

describe('the text shown for a piece', () => {
  it.each([
    ['bytelevel-bpe', 'Ġthe', ' the'],
    ['bytelevel-bpe', 'Ċ', '\n'],
    ['bytelevel-bpe', 'Ã©', 'é'],
    ['bytelevel-bpe', 'ĠÃ', ' <0xC3>'],
    ['bytelevel-bpe', 'ðŁ', '<0xF0><0x9F>'],
    ['bytelevel-bpe', 'âĢĻ', '’'],
    ['bytelevel-bpe', '<|endoftext|>', '<|endoftext|>'],
    ['bytelevel-bpe-bos', '<|begin_of_text|>', '<|begin_of_text|>'],
    ['sentencepiece-bpe', '▁the', ' the'],
    ['sentencepiece-bpe', '<0x0A>', '\n'],
    ['sentencepiece-bpe', '<0xE2>', '<0xE2>'],
    ['sentencepiece-bpe', '<s>', '<s>'],
    ['unigram', '▁', ' '],
    ['wordpiece', '##ing', '##ing'],
    ['wordpiece', '[CLS]', '[CLS]'],
  ])('%s: %s', (name, piece, text) => {
    expect(fixtureTokenizer(name).pieceText(piece)).toBe(text);
  });

  it('joined, the shown pieces are the text itself, where no piece cuts a character', () => {
    const tokenizer = fixtureTokenizer('bytelevel-bpe');
    const text = ' two  spaces\n\tand "quotes" <b>&amp;</b>';
    const { tokens } = tokenizer.encode(text, { special: false });
    expect(tokens.map((token) => tokenizer.pieceText(token)).join('')).toBe(text);
  });

  it('shows the mark of a word end as a space', () => {
    const tokenizer = fixtureTokenizer('wordpiece', {
      model: { type: 'BPE', vocab: { 'a</w>': 0, a: 1 }, merges: [], end_of_word_suffix: '</w>' },
      added_tokens: [],
      post_processor: null,
    });
    const { tokens, offsets } = tokenizer.encode('aa a', { special: true });
    expect(tokens).toEqual(['a', 'a</w>', 'a</w>']);
    expect(offsets).toEqual([
      [0, 1],
      [1, 2],
      [3, 4],
    ]);
    expect(tokens.map((token) => tokenizer.pieceText(token))).toEqual(['a', 'a ', 'a ']);
  });
});
