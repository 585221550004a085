import * as z from 'zod';
import { PREPEND_BOS } from './prepend-bos.ts';
import { PRECISIONS } from './precision.ts';
import { STACKS } from './stacks.ts';

/** Raised when a record's shape changes; the site refuses records of another version. */
export const RECORDS_VERSION = 4;

const count = z.int().min(0);
const modelId = z.string().regex(/^[A-Za-z0-9\-_.]+$/u);
const promptId = z.string().regex(/^[A-Za-z0-9\-_]{22}$/u);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/** Where one small pattern lies in a plate or sheet: the square of `size` pixels at (`x`, `y`). */
const tileSchema = z.strictObject({
  x: count,
  y: count,
  width: z.int().min(1),
  height: z.int().min(1),
});
export type Tile = z.infer<typeof tileSchema>;

/** An image that holds many small patterns, `width` x `height` pixels. */
const imageSchema = z.strictObject({ width: z.int().min(1), height: z.int().min(1) });

/** A layer of a stack; one without a pattern says why and has no page. */
const layerSchema = z.strictObject({
  index: count,
  kind: z.string(),
  hasPattern: z.boolean(),
  reason: z.string().optional(),
});

const stackSchema = z.strictObject({
  stack: z.enum(STACKS),
  layout: z.enum(['causal', 'square', 'rectangle']),
  heads: z.int().min(1),
  layers: z.array(layerSchema).min(1),
  /**
   * What each part of its heads' sketches is of: how many prompts, and a word that is the same for the same prompts cut into the
   * same tokens. Absent for a stack that no prompt reaches.
   */
  bundles: z.array(z.strictObject({ prompts: count, of: z.string() })).optional(),
});

/** What is known of a model whose patterns another program computed; its config's words, where there is one. */
const importedSchema = z.strictObject({
  /** SHA-256 over the digests of the npz files, in the order of the prompts. */
  patternsSha256: sha256,
  architecture: z.string().optional(),
  tokenizer: z.string().optional(),
  positions: z.string().optional(),
  normalization: z.string().optional(),
  /** Weights of attention and MLPs, as TransformerLens counts them: without embeddings, biases and norms. */
  hiddenWeights: count.optional(),
  /** Rows of all patterns that sum to clearly less than 1 (padding, or attention to a sink), and the least sum. */
  shortRows: z.strictObject({ rows: z.int().min(1), leastSum: z.number() }).optional(),
});

/** A file that a page fetches to run a model. */
const liveFileSchema = z.strictObject({ name: z.string(), bytes: count, sha256 });

/** One model (or one checkpoint of a series): a page `/MODEL/`. */
export const modelRecordSchema = z.strictObject({
  /** The sanitised name. */
  id: modelId,
  name: z.string(),
  /** The series it belongs to, and its training steps; absent for a model that stands alone. */
  series: z.strictObject({ name: z.string(), step: count }).optional(),
  // What only a checkpoint's files tell is absent where the patterns were imported.
  family: z.string().optional(),
  modelType: z.string().optional(),
  hiddenSize: z.int().min(1).optional(),
  vocabularySize: z.int().min(1).optional(),
  /** The longest prompt in tokens, or null where the config sets no bound. */
  context: z.int().min(1).nullable().optional(),
  parameters: count.optional(),
  dtype: z.string().optional(),
  weightsBytes: count.optional(),
  weightsSha256: sha256.optional(),
  tokenizerSha256: sha256.optional(),
  /** Present where another program computed the patterns. */
  imported: importedSchema.optional(),
  prependsBos: z.boolean(),
  /** As the config names it. */
  source: z.string(),
  /** The model card's Markdown, without front matter; absent where the folder has no README.md. */
  card: z.string().optional(),
  stacks: z.array(stackSchema).min(1),
  /** What a page needs to run the model by itself; absent where it is not shipped. */
  live: z.strictObject({ prependBos: z.enum(PREPEND_BOS), files: z.array(liveFileSchema).min(1) }).optional(),
  /** Metrics of the model as a whole; null where one is not available. */
  metrics: z.record(z.string(), z.number().nullable()).optional(),
  /** The layout that all contact sheets of the model share: one tile a prompt, in the order of the prompts. */
  sheet: imageSchema.extend({ tiles: z.array(tileSchema.extend({ prompt: promptId })) }),
});
export type ModelRecord = z.infer<typeof modelRecordSchema>;

/** How one metric came out for one head over all prompts; null where it is not available on any of them. */
const metricSummarySchema = z
  .strictObject({
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    /** Lower quartile, median, upper quartile. */
    quartiles: z.tuple([z.number(), z.number(), z.number()]),
    /** Prompts in each of equal bins over the metric's declared range. */
    histogram: z.array(count).min(1),
    /** 1 for the head with the largest mean among all heads of the atlas that have the metric. */
    rank: z.int().min(1),
    of: z.int().min(1),
    /** Prompts on which the metric is defined. */
    prompts: z.int().min(1),
    /** The prompts with the largest and the smallest value; absent where the value is one of all prompts together. */
    highest: promptId.optional(),
    lowest: promptId.optional(),
  })
  .nullable();
export type MetricSummary = z.infer<typeof metricSummarySchema>;

/** One head of one model: a page `/MODEL/L3/H5/`. */
export const headRecordSchema = z.strictObject({
  /** `MODEL/L3/H5` or `MODEL/encoder/L3/H5`: the page's path without slashes at its ends. */
  id: z.string(),
  model: modelId,
  stack: z.enum(STACKS),
  layer: count,
  head: count,
  metrics: z.record(z.string(), metricSummarySchema),
  /** What stands for its patterns in comparisons with other heads', as base64 (core/relatives/sketch-text.ts). */
  sketch: z.base64().optional(),
});
export type HeadRecord = z.infer<typeof headRecordSchema>;

/** One cut of a text into tokens, shared by every model with the same tokenizer and BOS setting. */
const tokenizationSchema = z.strictObject({
  models: z.array(modelId).min(1),
  /** The text of each token as a person reads it; leading spaces and newlines kept. */
  tokens: z.array(z.string()).min(1),
  /**
   * Start and end of each token in the prompt, in code points; `[0, 0]` for a special token. Absent where imported
   * tokens do not make up the text.
   */
  offsets: z
    .array(z.tuple([count, count]))
    .min(1)
    .optional(),
});
export type Tokenization = z.infer<typeof tokenizationSchema>;

/** One prompt on one model. */
const promptOnModelSchema = z.strictObject({
  model: modelId,
  tokens: z.int().min(1),
  packBytes: z.int().min(1),
  /** The image with every head's small pattern on this prompt, layers down and heads across. */
  plate: imageSchema.extend({
    tiles: z.array(tileSchema.extend({ stack: z.enum(STACKS), layer: count, head: count })).min(1),
  }),
  /** Each metric of the heads on this prompt, in the order of the plate's tiles; null where it is not available. */
  values: z.record(z.string(), z.array(z.number().nullable())),
});
export type PromptOnModel = z.infer<typeof promptOnModelSchema>;

/** One prompt: a page `/prompts/ID/`. */
export const promptRecordSchema = z.strictObject({
  id: promptId,
  set: z.string(),
  /** A short caption: the row's own `title`, else the beginning of its text. */
  title: z.string().min(1),
  text: z.string().min(1),
  characters: z.int().min(1),
  /** The row's other keys, as written. */
  meta: z.record(z.string(), z.json()),
  tokenizations: z.array(tokenizationSchema).min(1),
  models: z.array(promptOnModelSchema).min(1),
});
export type PromptRecord = z.infer<typeof promptRecordSchema>;

/** What the atlas as a whole holds. */
export const atlasRecordSchema = z.strictObject({
  version: z.literal(RECORDS_VERSION),
  title: z.string(),
  description: z.string(),
  precision: z.enum(PRECISIONS),
  /** The largest absolute error of a value in any pack. */
  maxError: z.number().min(0),
  sets: z.array(
    z.strictObject({ name: z.string(), title: z.string(), description: z.string(), prompts: z.int().min(1) }),
  ),
  series: z.array(
    z.strictObject({
      name: z.string(),
      checkpoints: z.array(z.strictObject({ model: modelId, step: count })).min(1),
    }),
  ),
  figures: z.array(z.string()),
  metrics: z.array(z.string()),
  /** The records of each collection are counted here, so that a partial collection is noticed. */
  counts: z.strictObject({
    models: count,
    heads: count,
    prompts: count,
    patterns: count,
  }),
  /** SHA-256 of the files of the other collections, so that a file of another run is noticed. */
  collections: z.strictObject({ models: sha256, heads: sha256, prompts: sha256 }),
  versions: z.record(z.string(), z.string()),
});
export type AtlasRecord = z.infer<typeof atlasRecordSchema>;

/** The files below `content/generated/`, each a JSON array of its records (`atlas.json`: one record). */
export const COLLECTION_FILES = {
  atlas: 'atlas.json',
  models: 'models.json',
  heads: 'heads.json',
  prompts: 'prompts.json',
} as const;
