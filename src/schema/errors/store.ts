import type { Explanation } from './atlas-error.ts';

/** Errors of the store as a whole, and of checking it or a site. */
export const storeErrors = {
  'store-newer': (p: { version: number; known: number }): Explanation => ({
    what: `The store has format ${p.version}, and this version of Pattern Atlas knows formats up to ${p.known}.`,
    why: 'A newer version wrote it; this one would misread it, or spoil it for the newer one.',
    remedy:
      'Use that newer version, or name another folder as the store (`store.path` in the config, or -s).',
  }),
  'store-unknown': (_p: Record<string, never>): Explanation => ({
    what: 'The folder holds a file store.json that is no mark of a store.',
    why: 'It belongs to another program, or was edited.',
    remedy:
      'Name another folder as the store; if this is one, remove the file, and the next run writes it again.',
  }),
  'store-in-use': (p: { runs: readonly string[] }): Explanation => ({
    what: `A run is at work in the store (${p.runs.join('; ')}).`,
    why: 'What it has made, its config may not yet be seen to refer to: removing it would break the run.',
    remedy:
      'Try again when it has ended. A run on another machine that was killed counts for ten more minutes.',
  }),
  'clean-unsure': (p: { failures: number }): Explanation => ({
    what: `It is not known what ${p.failures} prompts of imported folders refer to: nothing was removed.`,
    why: 'They cannot be read, for the reasons that are listed above.',
    remedy: 'Mend or remove them; --keep-going goes on without them, and what was stored of them is removed.',
  }),
  'merge-no-store': (_p: Record<string, never>): Explanation => ({
    what: 'The folder is no store.',
    why: 'A store has a file store.json; what `merge` joins are the stores that shards wrote into.',
    remedy: 'Name the folders themselves, such as `shards/1/store`.',
  }),
  'shards-missing': (p: { missing: number; total: number }): Explanation => ({
    what: `${p.missing} of ${p.total} patterns were computed by no shard.`,
    why: 'A shard has not ended, failed on prompts, or had other models, prompts or versions; or its store was not named.',
    remedy:
      'Run that shard again, or name its store. --keep-going computes here what is missing, as `build` does.',
  }),
  'verify-nothing': (p: { path: string }): Explanation => ({
    what: `"${p.path}" holds neither a store nor the files of a built site.`,
    why: 'A store has a file store.json; a site has generated/manifest.json.',
    remedy: 'Name the folder of a store, of a built site (dist), or public/generated.',
  }),
  'manifest-invalid': (p: { reason: string }): Explanation => ({
    what: 'The manifest cannot be read.',
    why: p.reason,
    remedy: 'Fetch it again, or run `npm run atlas -- build` to write it again.',
  }),
} as const;
