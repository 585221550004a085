import { describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../../src/schema/records.ts';
import { modelFacts, modelSummary } from '../../../src/site/model-facts.ts';

const shared = {
  id: 'one',
  name: 'one',
  prependsBos: true,
  source: 'data/one',
  stacks: [],
  sheet: { width: 1, height: 1, tiles: [] },
} satisfies Partial<ModelRecord>;

const computed: ModelRecord = {
  ...shared,
  family: 'GPT-2',
  modelType: 'gpt2',
  hiddenSize: 64,
  vocabularySize: 1000,
  context: null,
  parameters: 12_345,
  dtype: 'float16',
  weightsBytes: 24_690,
  weightsSha256: 'ab12',
  tokenizerSha256: 'cd34',
};

const imported: ModelRecord = {
  ...shared,
  imported: { patternsSha256: 'ef56', architecture: 'GPTNeoXForCausalLM' },
};

const names = (model: ModelRecord) => modelFacts(model).map(({ name }) => name);

describe('the facts of a model', () => {
  it('are those of the checkpoint where it was computed here', () => {
    expect(modelSummary(computed)).toBe('GPT-2, 12,345 parameters');
    expect(names(computed)).toEqual([
      'Family',
      'Width',
      'Vocabulary',
      'Context',
      'Begin of text',
      'Source',
      'Weights',
      'Tokenizer',
    ]);
  });

  it('leave out what an imported model does not tell', () => {
    expect(modelSummary(imported)).toBe('imported, GPTNeoXForCausalLM');
    expect(modelSummary({ ...imported, imported: { patternsSha256: 'ef56' } })).toBe('imported');
    expect(names(imported)).toEqual(['Architecture', 'Begin of text', 'Imported from', 'Patterns']);
    expect(modelFacts(imported).at(-1)).toEqual({
      name: 'Patterns',
      text: 'computed by another program, SHA-256',
      code: 'ef56',
    });
  });
});
