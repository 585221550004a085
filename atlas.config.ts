import { defineConfig } from './src/schema/config.ts';

export default defineConfig({
  title: 'Pattern Atlas',
  description: 'A field guide to the attention heads of three small language models.',
  models: [
    { path: 'models/tiny-gpt2', prependBos: 'always' },
    { path: 'models/tiny-llama', prependBos: 'always' },
    {
      series: 'tiny-neox',
      prependBos: 'always',
      checkpoints: [
        { step: 0, path: 'models/tiny-neox-step0' },
        { step: 250, path: 'models/tiny-neox-step250' },
        { step: 500, path: 'models/tiny-neox-step500' },
        { step: 1000, path: 'models/tiny-neox-step1000' },
        { step: 2000, path: 'models/tiny-neox-step2000' },
        { step: 5000, path: 'models/tiny-neox' },
      ],
    },
  ],
  promptSets: [{ file: 'content/prompts/repetition.jsonl', title: 'Repetition' }],
  packs: { precision: 'fine' },
});
