import { describe, expect, it } from 'vitest';
import { namedModels, resolveModelName } from '../../../src/engine/model-names/resolve-model-name.ts';
import { codeOf } from '../error-code.ts';

describe('resolveModelName', () => {
  it.each([
    ['gpt2-small', 'gpt2'],
    ['GPT2-XL', 'gpt2-xl'],
    ['distillgpt2', 'distilgpt2'],
    ['pythia-14m', 'EleutherAI/pythia-14m'],
    ['pythia-125m-deduped-v0', 'EleutherAI/pythia-160m-deduped-v0'],
    ['EleutherAI/pythia-19m', 'EleutherAI/pythia-70m'],
    ['stanford-gpt2-small-a', 'stanford-crfm/alias-gpt2-small-x21'],
    ['tiny-stories-1M', 'roneneldan/TinyStories-1M'],
    ['gemma-3-270m', 'google/gemma-3-270m'],
    ['meta-llama/llama-2-7b-hf', 'meta-llama/Llama-2-7b-hf'],
    ['gpt-oss', 'openai/gpt-oss-20b'],
    ['someone/else', 'someone/else'],
  ])('%s is %s', (name, repository) => {
    expect(resolveModelName(name)).toEqual({ repository, tlFormat: false });
  });

  it('keeps a revision', () => {
    expect(resolveModelName('pythia-70m@step1000')).toEqual({
      repository: 'EleutherAI/pythia-70m',
      revision: 'step1000',
      tlFormat: false,
    });
  });

  it.each(['gelu-1l', 'attn-only-2l-demo', 'redwood_attn_2l', 'othello-gpt'])(
    '%s is in its own format',
    (name) => {
      expect(resolveModelName(name).tlFormat).toBe(true);
    },
  );

  it('suggests the nearest name for a misspelled one', () => {
    expect(codeOf(() => resolveModelName('pythia-14'))).toBe('model-name-unknown');
    expect(() => resolveModelName('pythia-14')).toThrow(
      expect.objectContaining({
        explanation: expect.objectContaining({
          remedy: expect.stringContaining('Did you mean "pythia-14m"?') as string,
        }) as object,
      }),
    );
  });

  it('says that Llama 1 lies on no hub', () => {
    expect(codeOf(() => resolveModelName('llama-7b-hf'))).toBe('model-name-unhosted');
  });

  it('gives every name to one repository', () => {
    const names = namedModels.flatMap((model) => model.names);
    expect(new Set(names).size).toBe(names.length);
    for (const { repository, names: own } of namedModels) {
      for (const name of own) expect(resolveModelName(name).repository).toBe(repository);
    }
  });
});
