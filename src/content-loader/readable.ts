import { AtlasError, formatError } from '../schema/errors/index.ts';

/** Runs a loader; Astro prints an error's message alone, so that of an AtlasError comes to say what to do. */
export async function readable<T>(load: () => T | Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    throw Object.assign(new Error(formatError(error), { cause: error }), { code: error.code });
  }
}
