import { chmodSync, readdirSync } from 'node:fs';
import { cwd } from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession, type SessionOptions } from '../../../pipeline/runtime/pattern-session.ts';
import { changeConfig, copyFixture } from '../checkpoint/checkpoint-folder.ts';
import { codeOfAsync } from '../error-code.ts';

async function open(folder: string, options: SessionOptions = {}) {
  const session = await openPatternSession(await openCheckpoint(folder), options);
  onTestFinished(() => session.close());
  return session;
}

describe('openPatternSession', () => {
  it('gives patterns by layer, and logits where they are asked for', async () => {
    const folder = copyFixture('gpt2');
    const { patterns, logits } = await (await open(folder)).run([1, 2, 3]);
    expect([...patterns].map(([layer, values]) => [layer, values.length])).toEqual([
      [0, 4 * 9],
      [1, 4 * 9],
    ]);
    expect(logits).toBeUndefined();
    const withLogits = await (await open(folder, { logits: true })).run([1, 2, 3]);
    expect(withLogits.logits).toHaveLength(3 * 96);
    expect(withLogits.patterns).toEqual(patterns);
  });

  it('leaves the folder and the working folder as they were', async () => {
    const folder = copyFixture('gpt2-sharded');
    const [files, before] = [readdirSync(folder), cwd()];
    chmodSync(folder, 0o555);
    onTestFinished(() => {
      chmodSync(folder, 0o755);
    });
    const both = await Promise.all([open(folder), open(copyFixture('llama-gqa'))]);
    expect(both).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(files);
    expect(cwd()).toBe(before);
  });

  it('gives a prompt the same values whatever ran before it', async () => {
    const session = await open(copyFixture('llama3-rope'));
    const first = await session.run([5, 6, 7, 8]);
    await session.run(Array.from({ length: 40 }, (_, index) => index));
    expect(await session.run([5, 6, 7, 8])).toEqual(first);
  });

  it('refuses prompts that the model cannot read', async () => {
    const session = await open(copyFixture('gpt2'));
    const codeOfRun = (ids: number[]) => codeOfAsync(() => session.run(ids));
    expect(await codeOfRun(Array.from({ length: 49 }, () => 1))).toBe('prompt-too-long');
    expect(await codeOfRun(Array.from({ length: 48 }, () => 1))).toBeUndefined();
    expect(await codeOfRun([1, 96])).toBe('token-id-out-of-range');
    expect(await codeOfRun([-1])).toBe('token-id-out-of-range');
    expect(await codeOfRun([1.5])).toBe('token-id-out-of-range');
    expect(await codeOfRun([])).toBe('prompt-empty');
  });

  it('refuses a device that is not there, and names those that are', async () => {
    const checkpoint = await openCheckpoint(copyFixture('gpt2'));
    const failure = openPatternSession(checkpoint, { device: 'cpux' });
    await expect(failure).rejects.toMatchObject({ code: 'device-unavailable' });
    await expect(failure).rejects.toHaveProperty('explanation.remedy', expect.stringContaining('"cpu"'));
  });

  it.each([
    ['a layer more than the weights hold', { n_layer: 3 }, 'tensor-missing'],
    ['another width', { n_embd: 64 }, 'tensor-shape-wrong'],
    ['another vocabulary', { vocab_size: 97 }, 'tensor-shape-wrong'],
  ])('refuses a config with %s', async (_, changes, code) => {
    const folder = copyFixture('gpt2');
    changeConfig(folder, changes);
    const checkpoint = await openCheckpoint(folder);
    expect(await codeOfAsync(() => openPatternSession(checkpoint))).toBe(code);
  });
});
