import * as z from 'zod';
import { REPOSITORY_NAME, REVISION_NAME } from './hub-address.ts';
import { PREPEND_BOS } from './prepend-bos.ts';
import { PRECISIONS } from './precision.ts';
import { parseSize } from './size.ts';

// zod probes `new Function` for a faster parser, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true });

const name = z.string().min(1);
const path = z.string().min(1).describe('a folder or file, relative to the config file');

const prependBos = z
  .enum(PREPEND_BOS)
  .default('auto')
  .describe(
    'whether the begin-of-text token stands before each prompt: `always`, `never`, or as the tokenizer itself does (`auto`)',
  );

const live = z
  .boolean()
  .optional()
  .describe(
    'whether visitors can run it in the page `/live/`: if left out, where it can and is not larger than `live.maxBytes`',
  );

/** Where a checkpoint is: in a folder, or on the Hugging Face hub. */
const folderPlace = { path: path.describe('a checkpoint folder in Hugging Face layout') };
const hubPlace = {
  hub: z
    .string()
    .regex(REPOSITORY_NAME, 'must be OWNER/NAME, as on the hub')
    .describe('a repository of the Hugging Face hub'),
  revision: z
    .string()
    .regex(REVISION_NAME, 'must be a branch, a tag or a commit')
    .optional()
    .describe('a branch, tag or commit; main if left out'),
};

const modelKeys = {
  name: name.optional().describe("the model's name; the folder's or repository's if left out"),
  prependBos,
  live,
};
const singleModel = [
  z.strictObject({ ...folderPlace, ...modelKeys }),
  z.strictObject({ ...hubPlace, ...modelKeys }),
] as const;

const checkpointKeys = { name: name.optional(), step: z.int().min(0).describe('training steps') };

const checkpointSeries = z.strictObject({
  series: name.describe('the name under which the checkpoints are listed'),
  prependBos,
  live,
  checkpoints: z
    .array(
      z.union([
        z.strictObject({ ...folderPlace, ...checkpointKeys }),
        z.strictObject({ ...hubPlace, ...checkpointKeys }),
      ]),
    )
    .min(1),
});

const importedFolder = z.strictObject({
  import: path.describe(
    'a folder of patterns that another program computed: npz files, as docs/interop.md says',
  ),
  name: name
    .optional()
    .describe("the model's name where the folder holds one; the folder's name if left out"),
});

const promptSet = z.strictObject({
  file: path.describe('a JSONL file of prompts'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/u)
    .optional()
    .describe("the set's name in addresses and facets; the file's name without its ending if left out"),
  title: name.optional(),
  description: z.string().optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/u, 'must be a language tag, such as "en" or "zh-Hant"')
    .optional()
    .describe('of its texts where a row has no `language` of its own; BCP 47'),
});

const basePath = z
  .string()
  .regex(
    /^\/([A-Za-z0-9._~-]+\/)*([A-Za-z0-9._~-]+)?$/u,
    'must begin with "/" and hold only plain path segments',
  );

/** A number of bytes as people write it. */
const size = z.union([z.string(), z.number()]).transform((value, context) => {
  const bytes = parseSize(String(value));
  if (bytes === undefined) context.addIssue('must be a size, such as "800 MB", "8 GB" or a number of bytes');
  return bytes ?? z.NEVER;
});

/** How patterns can be drawn where a config does not say: all that pages can draw from a pack alone. */
export const USUAL_FIGURES = [
  'raw',
  'contact-sheet',
  'square-root',
  'log',
  'without-sink',
  'positional-kernel',
  'positional-rest',
  'gram-matrix',
  'rollout',
  'lines',
  'flow',
  'distance-profile',
  'received-attention',
  'support-curve',
  'singular-values',
] as const;

/**
 * What is measured where a config does not say: each tells heads or models apart that no other one does, and none looks at
 * the loss on every prompt, for which the model would have to give next-token probabilities.
 */
const USUAL_METRICS = [
  'previous-token',
  'current-token',
  'first-token',
  'slash',
  'distance',
  'positional-share',
  'induction',
  'induction-random',
  'prefix-matching',
  'copying',
  'duplicate-token',
  'punctuation',
  'subword',
  'bracket-matching',
  'earlier-sentence',
  'entropy',
  'top-p-support',
  'effective-rank',
  'stripe',
  'stability',
  'sink-heads',
  'repeat-gain',
] as const;

export const configSchema = z.strictObject({
  title: name.default('Pattern Atlas'),
  description: z.string().default('Attention patterns of language models, head by head.'),
  site: z.url().default('https://example.org').describe('where the site will stand; ATLAS_SITE overrides it'),
  base: basePath.default('/').describe('the path below the site; ATLAS_BASE overrides it'),
  assetsBase: z
    .url({
      protocol: /^https?$/u,
      error: 'must be an http or https address, such as "https://data.example.org/atlas/"',
    })
    .refine((url) => !/[?#]/u.test(url), 'must have neither "?" nor "#"')
    .optional()
    .describe('where packs and images lie, where that is another host than the pages'),
  models: z.array(z.union([...singleModel, checkpointSeries, importedFolder])).min(1),
  promptSets: z.array(promptSet).default([]).describe('may be left out where all models are imported'),
  prompts: z
    .strictObject({
      minCharacters: z.int().min(0).default(1).describe('shorter prompts are dropped; code points'),
      maxCharacters: z
        .int()
        .min(1)
        .default(100_000)
        .describe('longer prompts are cut into chunks; code points'),
    })
    .prefault({}),
  figures: z
    .array(name)
    .default([...USUAL_FIGURES])
    .describe('names of built-in figures, and files of your own, each beginning with `.` or `/`'),
  metrics: z
    .array(name)
    .default([...USUAL_METRICS])
    .describe('names of built-in metrics, and files of your own, each beginning with `.` or `/`'),
  live: z
    .strictObject({
      maxBytes: z
        .int()
        .min(0)
        .default(32 * 2 ** 20)
        .describe('weights of a model that is shipped to visitors unless its own `live` says so'),
    })
    .prefault({}),
  packs: z.strictObject({ precision: z.enum(PRECISIONS).default('compact') }).prefault({}),
  device: name
    .default('cpu')
    .describe(
      'what onnxruntime computes patterns with: `cpu`, another device that it offers here, or `auto`; `activations --device` overrides it',
    ),
  limits: z
    .strictObject({
      memory: size.optional().describe('about what a run may take; `--memory` overrides it'),
      disk: size.optional().describe('of the store and the files of the site that the pipeline writes'),
    })
    .prefault({}),
  store: z
    .strictObject({
      path: path.default('.atlas/store'),
      keep: z
        .enum(['exact', 'none'])
        .default('exact')
        .describe('whether patterns stay in the store at full precision, or go when all is made of them'),
    })
    .prefault({}),
});

/** Whether an entry of `figures` or `metrics` is a file of the user's own rather than a name. */
export function isOwnFile(entry: string): boolean {
  return /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/u.test(entry);
}

/** The config as read: every default filled in. */
export type AtlasConfig = z.infer<typeof configSchema>;

/** The config as a person writes it. */
export type AtlasConfigInput = z.input<typeof configSchema>;

/** Types the config for the editor; returns it as it is. The pipeline and the site check it when they load it. */
export function defineConfig(config: AtlasConfigInput): AtlasConfigInput {
  return config;
}
