import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { atlasError } from '../src/schema/errors/index.ts';

/**
 * A JSON file that a person names on the command line.
 *
 * @param expected what `schema` takes, in words
 * @throws AtlasError `unreadable`, `json-invalid`
 */
export async function readJson<T>(path: string, schema: z.ZodType<T>, expected: string): Promise<T> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw atlasError('json-invalid', { reason: (error as Error).message }, { file: path }, error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw atlasError('json-invalid', { reason: `It is not ${expected}.` }, { file: path });
  return parsed.data;
}
