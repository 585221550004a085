import { atlasError } from './errors/index.ts';

/** How many problems of one record an error names. */
const NAMED = 5;

/** What this needs of a schema; zod's and its small build's both have it. */
interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] };
      };
}

/**
 * A record, or all records of a collection, as its schema reads it: the check on both sides, where the pipeline
 * writes it and where the site reads it.
 *
 * @throws AtlasError `record-invalid` with the first problems
 */
export function checkRecord<T>(collection: string, schema: Schema<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, NAMED)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw atlasError('record-invalid', { collection, problems });
}
