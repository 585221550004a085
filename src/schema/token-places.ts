import * as z from 'zod/mini';

// The small zod: pages ship this file. It probes `new Function` unless told not to, which the pages' policy reports.
z.config({ jitless: true });

const place = z.int().check(z.minimum(0));

/** `prompts/ID/tokens.json`: where the tokens of each tokenizer lie in a prompt, for panes that are aligned by it. */
export const tokenPlacesSchema = z.array(
  z.strictObject({
    /** The models with this tokenizer. */
    models: z.array(z.string()),
    /** Start and end of each token, in code points; the same for a special token. */
    offsets: z.array(z.tuple([place, place])),
  }),
);
export type TokenPlacesFile = z.infer<typeof tokenPlacesSchema>;
