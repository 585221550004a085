import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../../src/engine/tokenizers/tokenizer.ts';
import { definitionOf, fixtureTokenizer, readJson, readText, type Expected } from './fixtures.ts';

interface Row {
  readonly text: string;
  readonly plain: Expected;
  readonly special: Expected;
}

interface StageCase {
  readonly base: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly rows: readonly (Expected & { readonly text: string })[];
}

const filePair = createTokenizer({
  config: readJson('gpt2-file-pair/tokenizer_config.json'),
  specialTokensMap: readJson('gpt2-file-pair/special_tokens_map.json'),
  vocabulary: readJson('gpt2-file-pair/vocab.json'),
  merges: readText('gpt2-file-pair/merges.txt'),
});

describe('ids, pieces and offsets are those of the reference', () => {
  it.each([
    ['bytelevel-bpe', fixtureTokenizer('bytelevel-bpe')],
    ['bytelevel-bpe-bos', fixtureTokenizer('bytelevel-bpe-bos')],
    ['sentencepiece-bpe', fixtureTokenizer('sentencepiece-bpe')],
    ['unigram', fixtureTokenizer('unigram')],
    ['wordpiece', fixtureTokenizer('wordpiece')],
    ['gpt2-file-pair', filePair],
  ])('%s', (name, tokenizer) => {
    const rows = readJson(`${name}/texts.json`) as Row[];
    expect(rows).toHaveLength(25);
    for (const { text, plain, special } of rows) {
      expect({ text, ...tokenizer.encode(text, { special: false }) }).toEqual({ text, ...plain });
      expect({ text, ...tokenizer.encode(text, { special: true }) }).toEqual({ text, ...special });
    }
  });
});

describe('each stage does what the reference does', () => {
  const cases = readJson('stages.json') as StageCase[];
  it.each(cases.map((one) => [one.base, JSON.stringify({ ...one.set, ...one.model }), one] as const))(
    '%s with %s',
    (base, _changes, { set, model, rows }) => {
      const tokenizer = fixtureTokenizer(base, { ...set, model: { ...definitionOf(base).model, ...model } });
      for (const { text, ...expected } of rows) {
        expect({ text, ...tokenizer.encode(text, { special: true }) }).toEqual({ text, ...expected });
      }
    },
  );
});

describe('a vocab.txt alone is read as BertTokenizer reads it', () => {
  const { pieces, cases } = readJson('word-pieces.json') as {
    readonly pieces: readonly string[];
    readonly cases: readonly { readonly config: object; readonly rows: StageCase['rows'] }[];
  };
  const own = Object.entries(definitionOf('wordpiece').model.vocab as Record<string, number>);
  const known = new Set(own.map(([piece]) => piece));
  const wordPieces = [
    ...own.toSorted(([, a], [, b]) => a - b).map(([piece]) => piece),
    ...pieces.filter((piece) => !known.has(piece)),
  ]
    .map((piece) => `${piece}\n`)
    .join('');

  it.each(cases.map(({ config, rows }) => [JSON.stringify(config), config, rows] as const))(
    '%s',
    (_, config, rows) => {
      const tokenizer = createTokenizer({ wordPieces, config });
      for (const { text, ...expected } of rows) {
        expect({ text, ...tokenizer.encode(text, { special: true }) }).toEqual({ text, ...expected });
      }
    },
  );

  it.each([
    ['a MPNetTokenizer needs', wordPieces, { tokenizer_class: 'MPNetTokenizerFast' }],
    ['do_basic_tokenize', wordPieces, { do_basic_tokenize: false }],
    ['lacks the piece [SEP]', '[UNK]\n[CLS]\na\n', {}],
  ])('is refused: %s', (reason, text, config) => {
    const explanation: unknown = expect.objectContaining({ why: expect.stringContaining(reason) as string });
    expect(() => createTokenizer({ wordPieces: text, config })).toThrow(
      expect.objectContaining({ code: 'tokenizer-invalid', explanation }),
    );
  });
});
