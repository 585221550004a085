import { AtlasError } from '../../src/schema/errors/index.ts';

/** The code of the catalogued error that `action` throws; anything else that it throws goes on, nothing thrown is undefined. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof AtlasError) return error.code;
    throw error;
  }
}

/** The same for a promise. */
export async function codeOfAsync(action: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof AtlasError) return error.code;
    throw error;
  }
}
