import * as z from 'zod/mini';
import { PAGE_KINDS } from './page-kinds.ts';
import { siteIndexSchema } from './site-index.ts';

// The small zod: pages ship this file.
z.config({ jitless: true });

const count = z.int().check(z.minimum(0));

/** `search/catalogue.json`: what the search needs to know of its index before it asks it. */
export const searchCatalogueSchema = z.strictObject({
  version: z.literal(1),
  /** Prompts in the index. */
  prompts: count,
  /** Parts of the index besides the first: `pagefind/part-1/`, `pagefind/part-2/`, ... */
  parts: count,
  /** Names of the metrics that prompts can be sorted by. */
  metrics: z.array(z.string()),
  /** The columns of metrics count the heads of these. */
  models: siteIndexSchema.shape.models,
});
export type SearchCatalogue = z.infer<typeof searchCatalogueSchema>;

/** `search/pages.json`, written when the site is built. */
export const searchPagesSchema = z.array(
  z.strictObject({
    kind: z.enum(PAGE_KINDS),
    /** Below the base; it may end in a fragment. */
    path: z.string(),
    title: z.string(),
    text: z.string(),
  }),
);
export type SearchPages = z.infer<typeof searchPagesSchema>;
