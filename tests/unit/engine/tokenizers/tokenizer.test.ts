import { describe, expect, it } from 'vitest';
import { createTokenizer, LONGEST_TEXT } from '../../../../src/engine/tokenizers/tokenizer.ts';
import { definitionOf, fixtureTokenizer, readJson, readText } from './fixtures.ts';

const STYLES = ['bytelevel-bpe', 'bytelevel-bpe-bos', 'sentencepiece-bpe', 'unigram', 'wordpiece'];

describe('facts of a tokenizer', () => {
  it.each([
    ['bytelevel-bpe', { id: 511, token: '<|endoftext|>' }, 512],
    ['bytelevel-bpe-bos', { id: 541, token: '<|begin_of_text|>' }, 544],
    ['sentencepiece-bpe', { id: 1, token: '<s>' }, 459],
    ['unigram', null, 420],
    ['wordpiece', null, 520],
  ])('%s: begin-of-text token and size', (name, bosToken, size) => {
    const tokenizer = fixtureTokenizer(name);
    expect(tokenizer.bosToken).toEqual(bosToken);
    expect(tokenizer.vocabularySize).toBe(size);
  });

  it('reads a begin-of-text token written as an object, and none that the vocabulary lacks', () => {
    const tokenizer = definitionOf('bytelevel-bpe');
    const withBos = (bos_token: unknown) => createTokenizer({ tokenizer, config: { bos_token } }).bosToken;
    expect(withBos({ content: '<|endoftext|>', lstrip: false })).toEqual({ id: 511, token: '<|endoftext|>' });
    expect(withBos('<|nowhere|>')).toBeNull();
    expect(withBos(null)).toBeNull();
  });
});

describe('texts that are not as one expects', () => {
  it.each(STYLES)('%s: 100,000 characters of one kind', (name) => {
    const tokenizer = fixtureTokenizer(name);
    for (const unit of ['a', ' ', '\n', '\u0301\u0323', '👩‍👧', 'ㄱㅏ', 'word, ']) {
      const text = unit.repeat(Math.ceil(100_000 / unit.length));
      const { ids, offsets } = tokenizer.encode(text, { special: false });
      expect(ids).toHaveLength(offsets.length);
      expect(Math.max(0, ...offsets.slice(-1).map(([, end]) => end))).toBeLessThanOrEqual(
        Array.from(text).length,
      );
    }
  });

  it.each(STYLES)('%s: half a surrogate pair counts as one replacement character', (name) => {
    const tokenizer = fixtureTokenizer(name);
    const broken = tokenizer.encode('a\ud83cb \udf40', { special: true });
    expect(broken).toEqual(tokenizer.encode('a\ufffdb \ufffd', { special: true }));
  });

  it.each(STYLES)('%s: offsets are in order and inside the text', (name) => {
    const text = 'Ἀρχὴ 🍀 ﬁn e\u0301\u0323t <unk> [MASK]\r\n\t é12½ 각ㄱㅏ ';
    let last = 0;
    for (const [start, end] of fixtureTokenizer(name).encode(text, { special: false }).offsets) {
      expect(start).toBeGreaterThanOrEqual(Math.min(last, start));
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(Array.from(text).length);
      last = start;
    }
  });

  it('refuses a text that is too long, before it runs any pattern on it', () => {
    const text = 'x'.repeat(LONGEST_TEXT + 1);
    expect(() => fixtureTokenizer('wordpiece').encode(text, { special: true })).toThrow(
      expect.objectContaining({ code: 'text-too-long' }),
    );
  });
});

describe('a BPE without a token for unknown characters', () => {
  it('leaves them out before it merges, and keeps the places of the rest', () => {
    const model = { ...definitionOf('sentencepiece-bpe').model, byte_fallback: false, unk_token: null };
    const tokenizer = fixtureTokenizer('sentencepiece-bpe', { model, normalizer: null });
    const { tokens, offsets } = tokenizer.encode('th🍀e', { special: false });
    expect(tokens).toEqual(['t', 'he']);
    expect(offsets).toEqual([
      [0, 1],
      [1, 4],
    ]);
  });
});

describe('files that are not as they should be', () => {
  const base = definitionOf('bytelevel-bpe');
  const { model } = base;
  const reasonOf = (files: Parameters<typeof createTokenizer>[0]): string => {
    try {
      createTokenizer(files);
    } catch (error) {
      expect(error).toMatchObject({ name: 'AtlasError', code: 'tokenizer-invalid' });
      return (error as { explanation: { why: string } }).explanation.why;
    }
    throw new Error('It was accepted.');
  };

  it.each([
    [{}, /neither tokenizer.json nor vocab.json/u],
    [{ tokenizer: null }, /expected object/u],
    [{ tokenizer: { ...base, model: { type: 'Quantum' } } }, /model.type/u],
    [
      { tokenizer: { ...base, model: { ...model, vocab: { a: -1 } } } },
      /model.vocab: must map tokens to ids/u,
    ],
    [{ tokenizer: { ...base, model: { ...model, vocab: { a: 0 } } } }, /gives no token of the vocabulary/u],
    [{ tokenizer: { ...base, model: { ...model, continuing_subword_prefix: '##' } } }, /not supported/u],
    [{ tokenizer: { ...base, normalizer: { type: 'Nmt' } } }, /normalizer.type/u],
    [
      {
        tokenizer: {
          ...base,
          pre_tokenizer: { type: 'Split', behavior: 'Sideways', pattern: { String: ' ' } },
        },
      },
      /behavior/u,
    ],
    [
      {
        tokenizer: {
          ...base,
          pre_tokenizer: { type: 'Split', behavior: 'Isolated', pattern: { Regex: '(' } },
        },
      },
      /[Rr]egular expression/u,
    ],
    [
      {
        tokenizer: {
          ...base,
          post_processor: { type: 'TemplateProcessing', single: [], special_tokens: {} },
        },
      },
      /no place for the text/u,
    ],
    [
      { vocabulary: { a: 0 }, merges: '', config: { tokenizer_class: 'RobertaTokenizerFast' } },
      /RobertaTokenizer needs/u,
    ],
  ])('%#', (files, reason) => {
    expect(reasonOf(files)).toMatch(reason);
  });

  it.each(['(a+)+$', '(?:\\w|\\d)*x', '((ab)*c){2,}', '(\\s?|x){100}'])(
    'refuses the expression %s, which could run for ever',
    (Regex) => {
      const pre_tokenizer = { type: 'Split', behavior: 'Isolated', pattern: { Regex } };
      expect(reasonOf({ tokenizer: { ...base, pre_tokenizer } })).toMatch(/could run for ever/u);
    },
  );

  it('needs an unknown token only for a text that needs it', () => {
    const wordpiece = definitionOf('wordpiece');
    const vocab = Object.fromEntries(
      Object.entries(wordpiece.model.vocab as Record<string, number>).filter(([token]) => token !== '[UNK]'),
    );
    const tokenizer = fixtureTokenizer('wordpiece', {
      model: { ...wordpiece.model, vocab },
      added_tokens: [],
    });
    expect(tokenizer.encode('the', { special: false }).tokens).toEqual(['the']);
    expect(() => tokenizer.encode('∞', { special: false })).toThrow(
      expect.objectContaining({ code: 'tokenizer-invalid' }),
    );
  });
});

describe('a vocabulary of a file pair', () => {
  it('may hold tokens named like the keys of every object', () => {
    const vocabulary = readJson('gpt2-file-pair/vocab.json') as Record<string, number>;
    const special_tokens = { bos_token: 'constructor', eos_token: '__proto__' };
    const tokenizer = createTokenizer({
      vocabulary,
      merges: readText('gpt2-file-pair/merges.txt'),
      specialTokensMap: special_tokens,
    });
    expect(tokenizer.bosToken).toBeNull();
    const { ids } = tokenizer.encode('constructor __proto__', { special: true });
    expect(ids.every((id) => Number.isInteger(id) && id < tokenizer.vocabularySize)).toBe(true);
  });
});
