import { defineConfig, USUAL_FIGURES } from './src/schema/config.ts';

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
  figures: [...USUAL_FIGURES, 'value-weighted', 'difference-from-mean', 'token-pairs'],
  promptSets: [
    {
      file: 'content/prompts/repetition.jsonl',
      language: 'en',
      title: 'Repetition',
      description:
        'Words, syllables and lines that come again: the second time, an induction head knows what follows.',
    },
    {
      file: 'content/prompts/indirect-objects.jsonl',
      language: 'en',
      title: 'Indirect objects',
      description: 'Two people, one gift: the name that is needed next is the one that was not repeated.',
    },
    {
      file: 'content/prompts/binding.jsonl',
      language: 'en',
      title: 'Binding',
      description: 'Things with colours and owners, and a question about one of them.',
    },
    {
      file: 'content/prompts/brackets-and-data.jsonl',
      language: 'en',
      title: 'Brackets and data',
      description: 'Brackets, JSON and markup, where each end looks back to its beginning.',
    },
    {
      file: 'content/prompts/code.jsonl',
      language: 'en',
      title: 'Code',
      description: 'Short functions, whose arguments and names come back in the body.',
    },
    {
      file: 'content/prompts/sequences.jsonl',
      language: 'en',
      title: 'Sequences',
      description: 'Numbers, days, months and letters in order.',
    },
    {
      file: 'content/prompts/few-shot.jsonl',
      language: 'en',
      title: 'Few-shot pairs',
      description: 'Opposites, capitals and small sums, one example a line.',
    },
    {
      file: 'content/prompts/stories.jsonl',
      language: 'en',
      title: 'Stories',
      description: 'Short stories of the kind that children are told.',
    },
    {
      file: 'content/prompts/verse-and-plays.jsonl',
      language: 'en',
      title: 'Verse and plays',
      description: "Lines in the manner of the King James Bible and of Shakespeare's stage.",
    },
    {
      file: 'content/prompts/encyclopedia.jsonl',
      language: 'en',
      title: 'Encyclopedia',
      description: 'Plain statements about made-up places, people and things.',
    },
  ],
  packs: { precision: 'fine' },
});
