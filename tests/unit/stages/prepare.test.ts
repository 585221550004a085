import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AtlasError } from '../../../src/schema/errors/index.ts';
import { LONGEST_TEXT } from '../../../src/engine/tokenizers/tokenizer.ts';
import type { ModelSource } from '../../../pipeline/load-config.ts';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';

const folder = resolve(import.meta.dirname, '../../../models/tiny-gpt2');
const source: ModelSource = {
  folder,
  source: folder,
  name: 'tiny-gpt2',
  id: 'tiny-gpt2',
  prependBos: 'always',
};
const prompts = ['The cat sat.', 'a'.repeat(LONGEST_TEXT + 1), 'It rained.'].map((text) =>
  promptOf({ text, meta: { title: text.slice(0, 12) } }, 'set'),
);

describe('a text that is too long to be tokenized', () => {
  it('fails by itself where failures are collected', async () => {
    const failures: AtlasError[] = [];
    const jobs = await prepareModel(source, prompts, 'cpu', failures);
    expect(jobs.map(({ prompt }) => prompt.id)).toEqual([prompts[0]?.id, prompts[2]?.id]);
    expect(failures).toEqual([
      expect.objectContaining({
        code: 'text-too-long',
        place: expect.objectContaining({ model: 'tiny-gpt2', prompt: prompts[1]?.title }) as unknown,
      }),
    ]);
  });

  it('is thrown where they are not', async () => {
    await expect(prepareModel(source, prompts, 'cpu')).rejects.toMatchObject({ code: 'text-too-long' });
  });
});
