import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { atlasError } from '../src/schema/errors/index.ts';
import { parseJson } from './parse-json.ts';

/**
 * A JSON file that a person names on the command line.
 *
 * @param expected what `schema` takes, in words
 * @throws AtlasError `unreadable`, `json-invalid`
 */
export async function readJson<T>(path: string, schema: z.core.$ZodType<T>, expected: string): Promise<T> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
  });
  const parsed = z.safeParse(schema, parseJson(text, path));
  if (!parsed.success) throw atlasError('json-invalid', { reason: `It is not ${expected}.` }, { file: path });
  return parsed.data;
}
