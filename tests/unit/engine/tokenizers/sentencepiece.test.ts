import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../../src/engine/tokenizers/tokenizer.ts';
import { codeOf } from '../../error-code.ts';
import { readJson, type Expected } from './fixtures.ts';

const NAMES = ['spm-unigram-nmt-nfkc', 'spm-unigram-bytes', 'spm-bpe-identity', 'spm-bpe-suffix'] as const;

function modelOf(name: string): Uint8Array {
  return readFileSync(new URL(`../../../fixtures/tokenizers/${name}/tokenizer.model`, import.meta.url));
}

describe('ids, pieces and offsets are those of SentencePiece', () => {
  it.each(NAMES)('%s', (name) => {
    const tokenizer = createTokenizer({ sentencePiece: modelOf(name) });
    const rows = readJson(`${name}/texts.json`) as (Expected & { readonly text: string })[];
    expect(rows).toHaveLength(16);
    for (const { text, ids, tokens, offsets } of rows) {
      const encoding = tokenizer.encode(text, { special: false });
      expect({ text, ids: encoding.ids, tokens: encoding.tokens }).toEqual({ text, ids, tokens });
      // A byte piece stands for the character it is part of; SentencePiece gives all but the last of them no place.
      const places = (all: Expected['offsets']) =>
        all.filter((_, index) => !/^<0x..>$/u.test(tokens[index] ?? ''));
      expect({ text, offsets: places(encoding.offsets) }).toEqual({ text, offsets: places(offsets) });
    }
  });
});

describe('a SentencePiece model in a folder', () => {
  const sentencePiece = modelOf('spm-bpe-identity');

  it('has the special tokens that its class puts around a text', () => {
    const around = (config: Record<string, unknown>) => {
      const names = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' };
      const tokenizer = createTokenizer({ sentencePiece, config: { ...names, ...config } });
      const { ids, tokens } = tokenizer.encode('the', { special: true });
      expect(ids).toHaveLength(tokens.length);
      return tokens.filter((token) => token.startsWith('<'));
    };
    expect(around({ tokenizer_class: 'LlamaTokenizer' })).toEqual(['<s>']);
    expect(around({ tokenizer_class: 'LlamaTokenizerFast', add_bos_token: false })).toEqual([]);
    expect(around({ tokenizer_class: 'T5Tokenizer' })).toEqual(['</s>']);
    expect(around({})).toEqual([]);
  });

  it('finds special tokens in a text only where a config names them', () => {
    const config = {
      bos_token: '<s>',
      added_tokens_decoder: { 900: { content: '<|im_start|>', special: true } },
    };
    const encode = (files: object, text: string) =>
      createTokenizer({ sentencePiece, ...files }).encode(text, { special: false });
    expect(encode({}, 'a<s>').ids).not.toContain(1);
    expect(encode({ config }, 'a<s>b<|im_start|>').ids).toEqual(expect.arrayContaining([1, 900]));
    expect(encode({ config }, 'a<s>b<|im_start|>').offsets.at(-1)).toEqual([5, 17]);
  });

  it('has a begin-of-text token, and shows pieces as text', () => {
    const tokenizer = createTokenizer({ sentencePiece });
    expect(tokenizer.bosToken).toEqual({ id: 1, token: '<s>' });
    expect(['▁the', '<0xE2>', '<0x0A>'].map((piece) => tokenizer.pieceText(piece))).toEqual([
      ' the',
      '<0xE2>',
      '\n',
    ]);
  });

  it('is refused where its ids are not those of the model, or it is damaged', () => {
    const codeWith = (files: object) => codeOf(() => createTokenizer({ sentencePiece, ...files }));
    expect(codeWith({ config: { tokenizer_class: 'XLMRobertaTokenizer' } })).toBe('tokenizer-invalid');
    expect(codeWith({ sentencePiece: sentencePiece.subarray(0, 1000) })).toBe('tokenizer-invalid');
    expect(codeWith({ sentencePiece: new Uint8Array() })).toBe('tokenizer-invalid');
  });
});
