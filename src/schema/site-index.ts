import * as z from 'zod/mini';
import { STACKS } from './stacks.ts';

// The small zod: pages ship this file. It probes `new Function` unless told not to, which the pages' policy reports.
z.config({ jitless: true });

const count = z.int().check(z.minimum(0));

/** `public/generated/index.json`: what an island needs to offer other models, heads and prompts. */
export const siteIndexSchema = z.strictObject({
  version: z.literal(3),
  models: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      /** Of the checkpoint, for citations; of the imported patterns where there is none. */
      weightsSha256: z.optional(z.string()),
      patternsSha256: z.optional(z.string()),
      series: z.optional(z.strictObject({ name: z.string(), step: count })),
      stacks: z.array(z.strictObject({ stack: z.enum(STACKS), heads: count, layers: z.array(count) })),
    }),
  ),
  prompts: z.array(
    z.strictObject({ id: z.string(), set: z.string(), title: z.string(), models: z.array(z.string()) }),
  ),
});
export type SiteIndex = z.infer<typeof siteIndexSchema>;
