import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTokenizer } from '../../src/engine/tokenizers/tokenizer.ts';
import type { Random } from '../unit/random.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/tokenizers');
const TEXTS = [
  '',
  'The keeper counted ships.',
  '  two  spaces\n\n',
  'naïve ﬁne ½ 한국어 👩‍👩‍👧',
  "<s>[CLS]don't",
  '\ud800',
];
/** Tokens of a vocabulary that are kept: what is damaged is small, so that every part of it has its turn. */
const KEPT = 40;

type Json = Record<string, unknown>;
const read = (path: string) => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as Json;

/** The definition with the first of its tokens, and with the merges that give one of them. */
function shortened(name: string): Json {
  const definition = read(`${name}/tokenizer.json`);
  const model = definition.model as {
    vocab: Record<string, number> | unknown[];
    merges?: (string | string[])[];
  };
  const vocab = Array.isArray(model.vocab)
    ? model.vocab.slice(0, KEPT)
    : Object.fromEntries(
        Object.entries(model.vocab)
          .filter(([, id]) => id < 300 + KEPT)
          .slice(-KEPT),
      );
  const merges = (model.merges ?? []).filter((merge) => {
    const parts = typeof merge === 'string' ? merge.split(' ') : merge;
    return !Array.isArray(vocab) && parts.join('') in vocab;
  });
  return { ...definition, model: { ...model, vocab, ...(model.merges === undefined ? {} : { merges }) } };
}

/** What a tokenizer gives is in order: as many tokens as ids and offsets, each a stretch of the text. */
function check(files: Parameters<typeof createTokenizer>[0], random: Random): void {
  const text = random.pick(TEXTS);
  const tokenizer = createTokenizer(files);
  const { ids, tokens, offsets } = tokenizer.encode(text, { special: random.below(2) === 0 });
  const length = [...text].length;
  if (ids.length !== tokens.length || ids.length !== offsets.length)
    throw new Error('Columns of other lengths');
  if (!offsets.every(([start, end]) => start >= 0 && start <= end && end <= length))
    throw new Error(`Offsets ${JSON.stringify(offsets)} outside of ${JSON.stringify(text)}`);
  for (const token of tokens) tokenizer.pieceText(token);
}

it('tokenizer.json', async () => {
  const names = ['bytelevel-bpe', 'bytelevel-bpe-bos', 'sentencepiece-bpe', 'unigram', 'wordpiece'];
  const definitions = names.map(shortened);
  const configs = names.map((name) => read(`${name}/tokenizer_config.json`));
  const stages = (JSON.parse(readFileSync(join(FOLDER, 'stages.json'), 'utf8')) as { set: Json }[]).map(
    ({ set }) => set,
  );
  const answers = await fuzz((random) => {
    const definition = { ...random.pick(definitions), ...(random.below(2) === 0 ? random.pick(stages) : {}) };
    const config = random.pick(configs);
    check(
      {
        tokenizer: mutateJson(definition, random),
        config: random.below(4) === 0 ? mutateJson(config, random) : config,
      },
      random,
    );
  });
  expect(answers).toBeGreaterThan(0);
});

it('SentencePiece models', async () => {
  const models = ['spm-unigram-nmt-nfkc', 'spm-bpe-identity'].map((name) => {
    const bytes = readFileSync(join(FOLDER, name, 'tokenizer.model'));
    // The table of replacements is nearly all of the file; it is damaged where it begins and where it ends.
    const pieces = bytes.subarray(0, 6000);
    return [pieces, bytes.subarray(pieces.length)] as const;
  });
  const answers = await fuzz((random) => {
    const [pieces, rest] = random.pick(models);
    const isEnd = random.below(3) === 0;
    const end = isEnd ? [rest.subarray(0, -4000), mutateBytes(rest.subarray(-4000), random)] : [rest];
    const sentencePiece = Buffer.concat([isEnd ? pieces : mutateBytes(pieces, random), ...end]);
    check({ sentencePiece }, random);
  });
  expect(answers).toBeGreaterThan(0);
});

it('vocab.json with merges.txt', async () => {
  const whole = read('gpt2-file-pair/vocab.json') as Record<string, number>;
  const merges = readFileSync(join(FOLDER, 'gpt2-file-pair/merges.txt'), 'utf8').split('\n').slice(0, 40);
  const needed = new Set(merges.flatMap((merge) => [...merge.split(' '), merge.replace(' ', '')]));
  const vocabulary = Object.fromEntries(Object.entries(whole).filter(([token]) => needed.has(token)));
  const answers = await fuzz((random) => {
    const lines = merges.toSpliced(
      random.below(40),
      random.below(3),
      random.pick(['', 'a', 'a b c', ' ', 'Ġ t', '# x']),
    );
    check(
      {
        vocabulary: random.below(3) === 0 ? vocabulary : mutateJson(vocabulary, random),
        merges: lines.join('\n'),
      },
      random,
    );
  });
  expect(answers).toBeGreaterThan(0);
});
