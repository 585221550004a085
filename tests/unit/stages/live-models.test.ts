import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { liveModels } from '../../../pipeline/stages/live-models.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import { codeOfAsync } from '../error-code.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');
const MANY = 1e9;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-live-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function modelAtHand(name: string, live?: boolean) {
  await cp(join(fixtures, 'oracle', name), folder, { recursive: true });
  await cp(join(fixtures, 'tokenizers/unigram/tokenizer.json'), join(folder, 'tokenizer.json'));
  const source = { id: name, name, source: name, folder, prependBos: 'auto' as const, live };
  const [job] = await prepareModel(source, [promptOf({ text: 'The cat sat.', meta: {} }, 'set')], 'cpu');
  if (job === undefined) throw new Error('No job');
  return job.model;
}

describe('the models that visitors can run', () => {
  it('come with the length and checksum of every file that it takes', async () => {
    const model = await modelAtHand('gpt2-sharded');
    const { files, prependBos } = (await liveModels([model], MANY)).get(model) ?? { files: [] };
    expect(prependBos).toBe('auto');
    expect(files.map(({ name }) => name)).toEqual([
      'config.json',
      'tokenizer.json',
      'model-00001-of-00003.safetensors',
      'model-00002-of-00003.safetensors',
      'model-00003-of-00003.safetensors',
    ]);
    for (const { name, bytes, sha256 } of files) {
      const content = await readFile(join(folder, name));
      expect(bytes).toBe(content.length);
      expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }
  });

  it('are those that are small enough, unless their config says otherwise', async () => {
    const least = (await modelAtHand('gpt2')).checkpoint.weightsBytes;
    const isLive = async (live: boolean | undefined, most: number) =>
      (await liveModels([await modelAtHand('gpt2', live)], most)).size === 1;
    expect(await isLive(undefined, least)).toBe(true);
    expect(await isLive(undefined, least - 1)).toBe(false);
    expect(await isLive(true, 0)).toBe(true);
    expect(await isLive(false, MANY)).toBe(false);
  });

  it.each(['t5', 'gpt2-bin'])('are not %s, which no page can read', async (name) => {
    expect((await liveModels([await modelAtHand(name)], MANY)).size).toBe(0);
    const wanted = await modelAtHand(name, true);
    expect(await codeOfAsync(() => liveModels([wanted], MANY))).toBe('model-not-live');
  });
});
