import type { Explanation } from './atlas-error.ts';

/** Errors of data that other programs wrote or are to read: npz files and folders of them. */
export const importErrors = {
  'import-nothing': (p: { path: string }): Explanation => ({
    what: `There is nothing to import in "${p.path}".`,
    why: 'Neither it nor a folder in it holds npz files, or prompts/HASH/activations.npz as pattern-lens writes them.',
    remedy:
      'Name the data folder, the folder of one of its models, or a folder of npz files (docs/interop.md).',
  }),
  'import-name-unclear': (p: { models: readonly string[] }): Explanation => ({
    what: `One name cannot be given to ${p.models.length} models: ${p.models.join(', ')}.`,
    why: 'The folder holds several models.',
    remedy: 'Leave the name out, or import the folder of each model under a name of its own.',
  }),
  'import-prompt-invalid': (p: { reason: string }): Explanation => ({
    what: 'An imported prompt cannot be used.',
    why: p.reason,
    remedy: 'Write its prompt.json and its npz file again; --keep-going goes on without it.',
  }),
  'import-changed': (p: { path: string }): Explanation => ({
    what: `"${p.path}" changed while it was read.`,
    why: 'Its bytes are not those that were checked before.',
    remedy: 'Run again when nothing else writes to the folder.',
  }),
  'export-not-stored': (_p: Record<string, never>): Explanation => ({
    what: 'The store does not hold what is to be exported.',
    why: 'It was never computed with this config, or was removed since.',
    remedy:
      'Run `npm run atlas -- build`, or choose other models and prompts; --keep-going exports the rest.',
  }),
  'export-nothing': (p: { known: readonly string[] }): Explanation => ({
    what: 'No prompt on any model is chosen.',
    why: 'None of the names given with --prompts is the id of a prompt or the name of a set.',
    remedy: `Sets: ${p.known.join(', ')}.`,
  }),
  'npz-no-patterns': (p: { held: readonly string[] }): Explanation => ({
    what: 'The npz file holds no patterns.',
    why:
      p.held.length === 0
        ? 'It holds no arrays at all.'
        : `No array is called blocks.{i}.attn.hook_pattern; it holds ${p.held.join(', ')}.`,
    remedy: 'Name the arrays as TransformerLens names its hooks (docs/interop.md).',
  }),
  'npz-shapes-differ': (p: { reason: string }): Explanation => ({
    what: 'The patterns do not fit each other, or the prompt.',
    why: p.reason,
    remedy: 'Compute the file again, all of its arrays in one run; --keep-going goes on without it.',
  }),
  'pattern-invalid': (p: { reason: string }): Explanation => ({
    what: 'An array holds no attention patterns.',
    why: `${p.reason} Each row must hold finite numbers of at least 0 that sum to at most 1.005.`,
    remedy:
      'Save the softmax of the scores (hook_pattern), not the scores; --keep-going goes on without the file.',
  }),
} as const;
