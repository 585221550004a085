import { atlasError } from '../schema/errors/index.ts';

/** Strings, and the numbers that Python writes bare and JSON does not have. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b/gu;

/**
 * The value of a JSON text as Python's library writes it: with `Infinity`, bare, or as transformers 5 writes it,
 * `{"__float__": "Infinity"}`.
 *
 * @param file where it stands, for the error
 * @throws AtlasError `json-invalid`
 */
export function parsePythonJson(text: string, file: string): unknown {
  const plain = text.includes('Infinity') ? text.replace(TOKENS, (token) => infinite(token) ?? token) : text;
  try {
    return JSON.parse(plain, (_, value: unknown) => {
      const tag = isTagged(value) ? infinite(value.__float__) : undefined;
      return tag === undefined ? value : Number(tag);
    });
  } catch (error) {
    throw atlasError('json-invalid', { reason: (error as Error).message }, { file }, error);
  }
}

/** A number of JSON that is too large for a double. */
function infinite(token: string): string | undefined {
  if (token === 'Infinity') return '1e999';
  return token === '-Infinity' ? '-1e999' : undefined;
}

function isTagged(value: unknown): value is { readonly __float__: string } {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && typeof (value as Record<string, unknown>).__float__ === 'string';
}
