import { open } from 'node:fs/promises';
import { readZipDirectory, type ByteSource, type ZipEntry } from '../../src/engine/torch/zip-directory.ts';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import { fileSource } from '../file-source.ts';

/** An open npz file: its bytes, and where each array lies in them. */
export interface NpzFile {
  readonly source: ByteSource;
  /** By name, without the `.npy`. */
  readonly arrays: ReadonlyMap<string, ZipEntry>;
}

const SUFFIX = '.npy';

/**
 * Opens an npz file for the length of `use`.
 *
 * @throws AtlasError `unreadable`, `npz-invalid`, with the file; and what `use` throws
 */
export async function withNpz<T>(path: string, use: (npz: NpzFile) => Promise<T>): Promise<T> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
  });
  try {
    const source = fileSource(file, path, (await file.stat()).size);
    return await placed(path, async () => use({ source, arrays: await listArrays(source) }));
  } finally {
    await file.close();
  }
}

/** @throws AtlasError `npz-invalid` for an array that is there twice, and those of the zip's directory */
export async function listArrays(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const arrays = new Map<string, ZipEntry>();
  for (const entry of await readZipDirectory(source)) {
    if (!entry.name.endsWith(SUFFIX)) continue;
    const name = entry.name.slice(0, -SUFFIX.length);
    if (arrays.has(name)) throw invalidNpz(`The array ${name} is there twice.`);
    arrays.set(name, entry);
  }
  return arrays;
}

/** Whatever `read` throws of a zip file or an array, as `npz-invalid` of `file`; other errors as they are. */
export async function placed<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    const { code, explanation, place } = error;
    if (code === 'npz-invalid') throw new AtlasError(code, explanation, { file, ...place }, error.cause);
    if (code === 'weights-truncated') throw invalidNpz('It was cut off.', { file }, error);
    if (code === 'weights-header-invalid') throw invalidNpz(explanation.why, { file }, error);
    throw error;
  }
}

/** @param place the array, where one is to blame */
export function invalidNpz(
  reason: string,
  place: { readonly file?: string; readonly tensor?: string } = {},
  cause?: unknown,
): Error {
  return atlasError('npz-invalid', { reason }, place, cause);
}
