import * as z from 'zod';
import { atlasError } from '../schema/errors/index.ts';
import { STACKS } from '../schema/stacks.ts';
import { paths } from '../schema/urls.ts';

/** The front matter of a note on a head. */
export const noteSchema = z.strictObject({
  model: z.string(),
  stack: z.enum(STACKS).default('self'),
  layer: z.int().min(0),
  head: z.int().min(0),
});
export type Note = z.infer<typeof noteSchema>;

/**
 * Checks that a note is about a head of the atlas.
 *
 * @param heads the ids of all heads, such as `tiny-gpt2/L1/H2`
 * @throws AtlasError `note-head-unknown`
 */
export function checkNote(note: Note, heads: ReadonlySet<string>, file: string): void {
  const id = paths.head(note).slice(1, -1);
  if (!heads.has(id)) throw atlasError('note-head-unknown', { id, known: [...heads] }, { file });
}
