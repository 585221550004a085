import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import { modelRecord } from '../../../pipeline/stages/records.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-record-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function recordOf(model: string) {
  await cp(join(fixtures, 'oracle', model), folder, { recursive: true });
  await cp(join(fixtures, 'tokenizers/unigram/tokenizer.json'), join(folder, 'tokenizer.json'));
  const source = { id: model, name: model, source: model, folder, prependBos: 'auto' as const };
  const prompts = [promptOf({ text: 'The cat sat.', meta: {} }, 'set')];
  const jobs = await prepareModel(source, prompts, 'cpu');
  const [job] = jobs;
  if (job === undefined) throw new Error('No job');
  const finished = jobs.map((one) => ({ job: one, measures: {}, packKey: '', packBytes: 1 }));
  return modelRecord(job.model, finished, new Map(), []);
}

describe('the record of an encoder-decoder', () => {
  it('says why its decoder has no patterns where the prompts hold no text for it', async () => {
    const { stacks } = await recordOf('t5');
    expect(stacks.map(({ stack }) => stack)).toEqual(['encoder', 'decoder', 'cross']);
    for (const { stack, layers } of stacks) {
      expect(layers).toHaveLength(2);
      for (const { hasPattern, reason } of layers) {
        expect(hasPattern).toBe(stack === 'encoder');
        expect(reason).toBe(stack === 'encoder' ? undefined : 'no prompt holds a text for the decoder');
      }
    }
  });
});

describe('the record of a model with one stack', () => {
  it.each(['bert', 'gpt2'])('of %s gives every layer its patterns', async (model) => {
    const { stacks } = await recordOf(model);
    expect(stacks.map(({ stack }) => stack)).toEqual(['self']);
    expect(stacks[0]?.layers.every(({ hasPattern }) => hasPattern)).toBe(true);
  });
});
