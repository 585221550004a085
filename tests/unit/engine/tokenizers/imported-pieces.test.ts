import { describe, expect, it } from 'vitest';
import { readPieces } from '../../../../src/engine/tokenizers/imported-pieces.ts';

describe('pieces that another program listed', () => {
  it.each([
    [
      'as they read',
      ['The', ' cat', '\n'],
      'The cat\n',
      [
        [0, 3],
        [3, 7],
        [7, 8],
      ],
    ],
    [
      'byte-level',
      ['The', 'Ġcat', 'Ċ'],
      'The cat\n',
      [
        [0, 3],
        [3, 7],
        [7, 8],
      ],
    ],
    [
      'with marks for spaces',
      ['▁The', '▁cat', '<0x0A>'],
      'The cat\n',
      [
        [0, 3],
        [3, 7],
        [7, 8],
      ],
    ],
  ])('%s make up the text', (_, pieces, text, offsets) => {
    const read = readPieces(pieces, text);
    expect(read.tokens.join('').trimStart()).toBe(text);
    expect(read.offsets).toEqual(offsets);
  });

  it('may cut a character in two; both lie where it does', () => {
    // The bytes of ’ are E2 80 99.
    expect(readPieces(['You', 'âĢ', 'Ļ', 've'], 'You’ve')).toEqual({
      tokens: ['You', '<0xE2><0x80>', '<0x99>', 've'],
      offsets: [
        [0, 3],
        [3, 4],
        [3, 4],
        [4, 6],
      ],
    });
    expect(readPieces(['▁a', '<0xF0>', '<0x9F>', '<0x98>', '<0x80>', 'b'], 'a😀b').offsets).toEqual([
      [0, 1],
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
      [2, 3],
    ]);
  });

  it('may begin with a special token, which lies nowhere', () => {
    expect(readPieces(['<|endoftext|>', 'The', ' cat'], 'The cat').offsets).toEqual([
      [0, 0],
      [0, 3],
      [3, 7],
    ]);
  });

  it('have no places where they are of another text, or of none that is known', () => {
    expect(readPieces(['[CLS]', 'the', 'cat', '##s'], 'The cats')).toEqual({
      tokens: ['[CLS]', 'the', 'cat', '##s'],
    });
    expect(readPieces(['the', 'Ġdog'], 'the cat')).toEqual({ tokens: ['the', ' dog'] });
    expect(readPieces(['▁the', '▁dog'], undefined)).toEqual({ tokens: [' the', ' dog'] });
  });
});
