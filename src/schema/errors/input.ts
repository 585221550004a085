import type { Explanation } from './atlas-error.ts';
import { suggest } from './suggest.ts';

/** Errors of the config, prompts, names and the machine. */
export const inputErrors = {
  'config-missing': (_p: Record<string, never>): Explanation => ({
    what: 'There is no config file.',
    why: 'An atlas is described by atlas.config.ts in the project folder.',
    remedy: 'Run in the project folder, or name the file with --config FILE.',
  }),
  'config-invalid': (p: { problems: readonly string[] }): Explanation => ({
    what: `The config is not valid: ${p.problems.join('; ')}.`,
    why: 'Each value must be of the kind that docs/config.md lists.',
    remedy: 'Mend the values named above.',
  }),
  'config-unloadable': (p: { reason: string }): Explanation => ({
    what: 'The config file cannot be loaded.',
    why: p.reason,
    remedy:
      'Mend the file; Node runs it directly, so only erasable TypeScript and `.ts` import endings work.',
  }),
  'unknown-model': (p: { name: string; known: readonly string[] }): Explanation => ({
    what: `There is no model "${p.name}".`,
    why: 'It is neither in the config nor a model folder.',
    remedy: suggest(p.name, p.known),
  }),
  'unknown-figure': (p: { name: string; known: readonly string[] }): Explanation => ({
    what: `There is no figure "${p.name}".`,
    why: 'It is neither a built-in figure (src/core/figures/index.ts) nor a file of your own, such as ./figures/mine.ts.',
    remedy: suggest(p.name, p.known),
  }),
  'unknown-metric': (p: { name: string; known: readonly string[] }): Explanation => ({
    what: `There is no metric "${p.name}".`,
    why: 'It is neither a built-in metric (src/core/metrics/index.ts) nor a file of your own, such as ./metrics/mine.ts.',
    remedy: suggest(p.name, p.known),
  }),
  'model-name-refused': (p: { name: string; reason: string }): Explanation => ({
    what: `A model cannot be called "${p.name}".`,
    why: p.reason,
    remedy: 'Give it another `name` in atlas.config.ts.',
  }),
  'prompt-row-invalid': (p: { reason: string }): Explanation => ({
    what: 'A prompt row cannot be read.',
    why: p.reason,
    remedy: 'Each line is one JSON object with a non-empty string `text`; other keys are kept as metadata.',
  }),
  'invalid-utf8': (p: { offset: number }): Explanation => ({
    what: `The row is not valid UTF-8 (at byte ${p.offset} of the row).`,
    why: 'Prompts are read as UTF-8, and a replaced character would change the tokens.',
    remedy: 'Save the file as UTF-8.',
  }),
  'prompt-set-missing': (p: { path: string }): Explanation => ({
    what: `There is no prompt file "${p.path}".`,
    why: 'The config names it, or no content/prompts/*.jsonl exists.',
    remedy: 'Write the file, or mend its path in atlas.config.ts.',
  }),
  'prompt-set-empty': (p: { path: string }): Explanation => ({
    what: `The prompt set "${p.path}" holds no prompt.`,
    why: 'All its rows are blank, or shorter than the least number of characters.',
    remedy: 'Add rows, or lower min-chars.',
  }),
  'no-space': (p: { path: string }): Explanation => ({
    what: `There is no space left to write "${p.path}".`,
    why: 'The disk, or the quota on it, is full.',
    remedy: 'Free some space and run again: what was finished is kept, nothing half-written is left.',
  }),
  'disk-over-limit': (p: { used: string; needed: string | undefined; limit: string }): Explanation => ({
    what: `The run would go beyond the ${p.limit} of disk that the config allows (limits.disk).`,
    why:
      `Store and site hold ${p.used} already` +
      (p.needed === undefined ? '.' : `, and what is missing comes to at least ${p.needed} more.`),
    remedy:
      'Raise limits.disk, ask for fewer or shorter prompts, or remove what the config does not refer to (`atlas clean`).',
  }),
  'disk-full-by-limit': (p: { path: string; used: string; limit: string }): Explanation => ({
    what: `The run stopped before it went beyond the ${p.limit} of disk that the config allows (limits.disk).`,
    why: `Store and site hold ${p.used}, and "${p.path}" does not fit in.`,
    remedy:
      'Raise limits.disk, or remove what the config does not refer to (`atlas clean`), and run again: what was finished is kept, nothing half-written is left.',
  }),
  unwritable: (p: { path: string; reason: string }): Explanation => ({
    what: `"${p.path}" cannot be written.`,
    why: p.reason,
    remedy: 'Check the permissions of the folder, or choose another one.',
  }),
  unreadable: (p: { path: string; reason: string }): Explanation => ({
    what: `"${p.path}" cannot be read.`,
    why: p.reason,
    remedy: 'Check that it exists and that you may read it.',
  }),
  'npz-invalid': (p: { reason: string }): Explanation => ({
    what: 'The npz file cannot be read.',
    why: p.reason,
    remedy: 'Write it with numpy.savez, each array as float16, float32 or float64.',
  }),
  'prompt-over-memory': (p: { needed: string; allowed: string; isMachine: boolean }): Explanation => ({
    what:
      `The patterns need about ${p.needed} of memory, and ` +
      (p.isMachine
        ? `this machine has ${p.allowed}.`
        : `the run may take ${p.allowed} (--memory, or limits.memory of the config).`),
    why: 'Patterns grow with the square of a prompt’s tokens, and at least one layer’s are in memory at once.',
    remedy: 'Allow more with --memory, shorten the prompt, or go on without it (--keep-going).',
  }),
  'model-input-wrong': (p: { reads: string; given: string; give: string }): Explanation => ({
    what: `The model reads ${p.reads}, and was given ${p.given}.`,
    why: 'What a model reads is part of how it was trained.',
    remedy: p.give,
  }),
  'model-not-live': (p: { name: string; reason: string }): Explanation => ({
    what: `"${p.name}" cannot run in a page.`,
    why: p.reason,
    remedy: 'Leave out its `live: true` in the config.',
  }),
  'records-missing': (p: { path: string }): Explanation => ({
    what: `The site has no data: "${p.path}" is missing, empty or incomplete.`,
    why: 'The pipeline writes it, and the site is never built from a part.',
    remedy: 'Run `npm run atlas -- build`, then build the site again.',
  }),
  'record-invalid': (p: { collection: string; problems: readonly string[] }): Explanation => ({
    what: `A record of the collection "${p.collection}" is not valid: ${p.problems.join('; ')}.`,
    why: 'Records are written and read by one schema; the file was edited or comes from another version.',
    remedy: 'Run `npm run atlas -- build` to write it again.',
  }),
  'note-head-unknown': (p: { id: string; known: readonly string[] }): Explanation => ({
    what: `A note is about the head "${p.id}", which the atlas does not hold.`,
    why: 'A note is shown on the page of its head: model, layer, head and, in a model of several, stack.',
    remedy: `Mend the front matter of the note, or take the note away. ${suggest(p.id, p.known)}`,
  }),
  'store-damaged': (p: { stage: string; key: string }): Explanation => ({
    what: `The store has lost or damaged an object of the stage "${p.stage}" (${p.key.slice(0, 12)}…).`,
    why: 'The object is missing, or its checksum does not fit: it was removed or changed behind the program, or the disk is failing.',
    remedy: 'Run again: what is missing is made anew. If the error stays, remove the store folder.',
  }),
  'device-unavailable': (p: { device: string; known: readonly string[] }): Explanation => ({
    what: `The device "${p.device}" is not available.`,
    why: 'onnxruntime-node offers other devices on this machine.',
    remedy: suggest(p.device, p.known),
  }),
  'site-missing': (p: { path: string }): Explanation => ({
    what: `There is no built site in "${p.path}".`,
    why: 'It has no index.html.',
    remedy: 'Run `npm run build` first, or name the folder with --path.',
  }),
  'port-unusable': (p: { port: number; reason: string }): Explanation => ({
    what: `The port ${p.port} cannot be used.`,
    why: p.reason,
    remedy: 'Choose another with --port; 0 takes any free one.',
  }),
  'dev-server-ended': (p: { reason: string }): Explanation => ({
    what: "The site's server ended by itself.",
    why: `Its last lines above say why; ${p.reason}.`,
    remedy: 'Stop another server of this project, or choose another port with --port.',
  }),
  usage: (p: { reason: string }): Explanation => ({
    what: p.reason,
    why: 'The command was not understood.',
    remedy: 'Add --help to see what it takes.',
  }),
} as const;
