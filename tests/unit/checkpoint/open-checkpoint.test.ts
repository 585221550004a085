import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { codeOfAsync } from '../error-code.ts';
import { changeConfig, copyFixture } from './checkpoint-folder.ts';

const codeOfOpening = (folder: string) => codeOfAsync(() => openCheckpoint(folder));

describe('openCheckpoint', () => {
  it('describes a model, counts its numbers and digests its weights', async () => {
    const folder = copyFixture('gpt2');
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.description).toMatchObject({
      family: 'GPT-2',
      modelType: 'gpt2',
      hiddenSize: 32,
      vocabularySize: 96,
      context: 48,
      stacks: [{ stack: 'self', layout: 'causal', heads: 4 }],
    });
    expect(checkpoint.description.stacks[0]?.layers).toEqual([
      { index: 0, kind: 'full', hasPattern: true },
      { index: 1, kind: 'full', hasPattern: true },
    ]);
    expect(checkpoint.dtype).toBe('float32');
    const bytes = readFileSync(join(folder, 'model.safetensors'));
    expect(checkpoint.weightsBytes).toBe(bytes.length);
    expect(checkpoint.parameters).toBe((bytes.length - 8 - Number(bytes.readBigUInt64LE(0))) / 4);
    const digest = createHash('sha256').update('model.safetensors\0').update(bytes).digest('hex');
    expect(await checkpoint.weightsDigest()).toBe(digest);
  });

  it('reads shards, and digests all of them', async () => {
    const folder = copyFixture('gpt2-sharded');
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.weightFiles).toHaveLength(3);
    expect(checkpoint.dtype).toBe('bfloat16');
    const before = await checkpoint.weightsDigest();
    const last = join(folder, checkpoint.weightFiles[2] ?? '');
    const bytes = readFileSync(last);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(last, bytes);
    expect(await checkpoint.weightsDigest()).not.toBe(before);
  });

  it('names the folders beside a misspelled one', async () => {
    const folder = copyFixture('gpt2');
    mkdirSync(join(folder, 'tiny-gpt2'));
    const failure = openCheckpoint(join(folder, 'tiny-gtp2'));
    await expect(failure).rejects.toMatchObject({ code: 'model-folder-missing' });
    await expect(failure).rejects.toHaveProperty('explanation.remedy', expect.stringContaining('tiny-gpt2'));
  });

  it.each([
    [
      'no config',
      (folder: string) => {
        rmSync(join(folder, 'config.json'));
      },
      'model-file-missing',
    ],
    [
      'no weights',
      (folder: string) => {
        rmSync(join(folder, 'model.safetensors'));
      },
      'model-file-missing',
    ],
    [
      'a config that is cut off',
      (folder: string) => {
        truncateSync(join(folder, 'config.json'), 40);
      },
      'json-invalid',
    ],
    [
      'a config that is a list',
      (folder: string) => {
        writeFileSync(join(folder, 'config.json'), '[]');
      },
      'json-invalid',
    ],
    [
      'an unknown family',
      (folder: string) => {
        changeConfig(folder, { model_type: 'gpt3' });
      },
      'family-unknown',
    ],
    [
      'no family',
      (folder: string) => {
        changeConfig(folder, { model_type: undefined });
      },
      'family-unknown',
    ],
    [
      'a key that is not understood',
      (folder: string) => {
        changeConfig(folder, { attention_window: 3 });
      },
      'config-key-not-understood',
    ],
    [
      'heads that do not divide the width',
      (folder: string) => {
        changeConfig(folder, { n_head: 5 });
      },
      'config-value-invalid',
    ],
    [
      'an unknown activation',
      (folder: string) => {
        changeConfig(folder, { activation_function: 'swash' });
      },
      'config-value-invalid',
    ],
    [
      'weights that are cut off',
      (folder: string) => {
        truncateSync(join(folder, 'model.safetensors'), 9000);
      },
      'weights-truncated',
    ],
    [
      'weights that are cut off in the header',
      (folder: string) => {
        truncateSync(join(folder, 'model.safetensors'), 400);
      },
      'weights-truncated',
    ],
    [
      'empty weights',
      (folder: string) => {
        truncateSync(join(folder, 'model.safetensors'), 0);
      },
      'weights-truncated',
    ],
    [
      'weights that are another kind of file',
      (folder: string) => {
        writeFileSync(join(folder, 'model.safetensors'), 'version https://git-lfs');
      },
      'weights-header-invalid',
    ],
  ])('refuses a folder with %s', async (_, damage, code) => {
    const folder = copyFixture('gpt2');
    damage(folder);
    expect(await codeOfOpening(folder)).toBe(code);
  });

  it.each(['../secret.safetensors', '/etc/passwd', '..', 'a/b.safetensors', 'c:\\x', ''])(
    'refuses a shard called "%s"',
    async (name) => {
      const folder = copyFixture('gpt2-sharded');
      writeFileSync(
        join(folder, 'model.safetensors.index.json'),
        JSON.stringify({ weight_map: { a: name } }),
      );
      expect(await codeOfOpening(folder)).toBe('json-invalid');
    },
  );

  it('says which shard is missing', async () => {
    const folder = copyFixture('gpt2-sharded');
    rmSync(join(folder, 'model-00002-of-00003.safetensors'));
    await expect(openCheckpoint(folder)).rejects.toThrow(/model-00002-of-00003/u);
  });
});
