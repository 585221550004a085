import { atlasError } from '../src/schema/errors/index.ts';

/**
 * The value of a JSON text.
 *
 * @param file where it stands, for the error
 * @throws AtlasError `json-invalid`
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw atlasError('json-invalid', { reason: (error as Error).message }, { file }, error);
  }
}
