import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTokenizer } from '../../../pipeline/checkpoint/read-tokenizer.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/tokenizers/', import.meta.url));
const MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-tokenizer-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the tokenizer of a model folder', () => {
  it('reads tokenizer.json with the files beside it', async () => {
    const tokenizer = await readTokenizer(join(MODELS, 'tiny-gpt2'));
    expect(tokenizer.bosToken).toEqual({ id: 0, token: '<|endoftext|>' });
    expect(tokenizer.vocabularySize).toBe(2048);
    const { tokens, offsets } = tokenizer.encode('Hello world', { special: true });
    expect(tokens).toEqual(['H', 'ell', 'o', 'Ġworld']);
    expect(offsets).toEqual([
      [0, 1],
      [1, 4],
      [4, 5],
      [5, 11],
    ]);
  });

  it('reads vocab.json with merges.txt where there is no tokenizer.json', async () => {
    const tokenizer = await readTokenizer(join(FIXTURES, 'gpt2-file-pair'));
    expect(tokenizer.encode('<|endoftext|> the', { special: true }).ids).toEqual([459, 263]);
  });

  it('reads a SentencePiece model where there is nothing else', async () => {
    const fixture = join(FIXTURES, 'spm-bpe-identity/tokenizer.model');
    await cp(fixture, join(folder, 'spiece.model'));
    const { ids } = (await readTokenizer(folder)).encode('the', { special: true });
    expect(ids.length).toBeGreaterThan(0);
    await cp(fixture, join(folder, 'tokenizer.model'));
    await truncate(join(folder, 'tokenizer.model'), 100);
    await expect(readTokenizer(folder)).rejects.toMatchObject({
      code: 'tokenizer-invalid',
      place: { file: join(folder, 'tokenizer.model') },
    });
  });

  it('reads a vocab.txt where there is nothing else', async () => {
    await writeFile(join(folder, 'vocab.txt'), '[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\na\r\n##b\r\n');
    const tokenizer = await readTokenizer(folder);
    expect(tokenizer.encode('AB c', { special: true }).tokens).toEqual([
      '[CLS]',
      'a',
      '##b',
      '[UNK]',
      '[SEP]',
    ]);
    await writeFile(join(folder, 'tokenizer_config.json'), '{"tokenizer_class": "BertJapaneseTokenizer"}');
    await expect(readTokenizer(folder)).rejects.toMatchObject({
      code: 'tokenizer-invalid',
      place: { file: join(folder, 'vocab.txt') },
    });
  });

  it('has one digest for the same files, and another when any of them changes', async () => {
    await cp(join(FIXTURES, 'bytelevel-bpe'), folder, { recursive: true });
    const { digest } = await readTokenizer(folder);
    expect(digest).toMatch(/^[0-9a-f]{64}$/u);
    expect((await readTokenizer(join(FIXTURES, 'bytelevel-bpe'))).digest).toBe(digest);
    await writeFile(join(folder, 'special_tokens_map.json'), '{}');
    const changed = (await readTokenizer(folder)).digest;
    await rm(join(folder, 'special_tokens_map.json'));
    expect(new Set([digest, changed, (await readTokenizer(folder)).digest]).size).toBe(3);
  });
});

describe('folders that are not as they should be', () => {
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const failure = (code: string, name?: string): unknown =>
    expect.objectContaining({ code, place: { file: name === undefined ? folder : join(folder, name) } });

  it('is a missing file where there is neither form', async () => {
    await write('vocab.json', '{}');
    await expect(readTokenizer(folder)).rejects.toEqual(failure('model-file-missing'));
    await expect(readTokenizer(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'model-file-missing',
    });
  });

  it('names the file that is cut off', async () => {
    await cp(join(FIXTURES, 'bytelevel-bpe'), folder, { recursive: true });
    await truncate(join(folder, 'tokenizer.json'), 5000);
    await expect(readTokenizer(folder)).rejects.toEqual(failure('json-invalid', 'tokenizer.json'));
  });

  it('names the file that is not UTF-8', async () => {
    await write('tokenizer.json', Uint8Array.of(0x7b, 0xff, 0x7d));
    await expect(readTokenizer(folder)).rejects.toEqual(failure('tokenizer-invalid', 'tokenizer.json'));
  });

  it('names the file whose content is wrong', async () => {
    await write('tokenizer.json', '{"model": 3}');
    await expect(readTokenizer(folder)).rejects.toEqual(failure('tokenizer-invalid', 'tokenizer.json'));
    await expect(readTokenizer(folder)).rejects.toMatchObject({
      explanation: { why: expect.stringContaining('model') as unknown },
    });
  });

  it('does not read a file of absurd size', async () => {
    await write('tokenizer.json', '');
    await truncate(join(folder, 'tokenizer.json'), 2 ** 29);
    await expect(readTokenizer(folder)).rejects.toEqual(failure('tokenizer-invalid', 'tokenizer.json'));
  });
});
