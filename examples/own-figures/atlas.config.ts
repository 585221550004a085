import { defineConfig } from 'pattern-atlas';

export default defineConfig({
  title: 'Own figures',
  description: 'Figures and a metric from files beside this config.',
  models: [{ path: '../../models/tiny-gpt2', prependBos: 'always' }],
  promptSets: [{ file: '../../content/prompts/sequences.jsonl' }],
  figures: ['raw', 'contact-sheet', './entropy-band.ts', './key-area.ts', './strongest-key.ts'],
  metrics: ['previous-token', 'induction', './digit-attention.ts'],
});
