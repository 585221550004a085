import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import * as z from 'zod';
import { recordsLoader } from './content-loader/records-loader.ts';
import { headRecordSchema, modelRecordSchema, promptRecordSchema } from './schema/records.ts';
import { STACKS } from './schema/stacks.ts';

/** A note on a head: Markdown below `content/notes/`, named as one likes. */
const noteSchema = z.strictObject({
  model: z.string(),
  stack: z.enum(STACKS).default('self'),
  layer: z.int().min(0),
  head: z.int().min(0),
});

export const collections = {
  models: defineCollection({ loader: recordsLoader('models'), schema: modelRecordSchema }),
  heads: defineCollection({ loader: recordsLoader('heads'), schema: headRecordSchema }),
  prompts: defineCollection({ loader: recordsLoader('prompts'), schema: promptRecordSchema }),
  notes: defineCollection({
    loader: glob({ pattern: '**/*.md', base: 'content/notes' }),
    schema: noteSchema,
  }),
};
