import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Files } from './files.ts';

/** Raised when a store that is written now could not be read by older versions. */
const STORE_VERSION = 1;
const FORMAT = 'pattern-atlas store';
/** The file in a store's folder that says what it is. */
export const STORE_MARK = 'store.json';

/**
 * Whether the folder is marked as a store. One without a mark (new, or from before there were marks) is taken as it is.
 *
 * @throws AtlasError `store-newer`, `store-unknown`
 */
export async function checkMark(folder: string, files: Pick<Files, 'read'>): Promise<boolean> {
  const path = join(folder, STORE_MARK);
  const bytes = await files.read(path);
  if (bytes === undefined) return false;
  const version = versionIn(Buffer.from(bytes).toString());
  if (version === undefined) throw atlasError('store-unknown', {}, { file: path });
  if (version > STORE_VERSION) {
    throw atlasError('store-newer', { version, known: STORE_VERSION }, { file: path });
  }
  return true;
}

/** Marks the folder as a store of this version. */
export async function writeMark(folder: string, files: Pick<Files, 'write'>): Promise<void> {
  await files.write(
    join(folder, STORE_MARK),
    `${JSON.stringify({ format: FORMAT, version: STORE_VERSION })}\n`,
  );
}

function versionIn(text: string): number | undefined {
  try {
    const { format, version } = JSON.parse(text) as Record<string, unknown>;
    return format === FORMAT && Number.isInteger(version) ? (version as number) : undefined;
  } catch {
    return undefined;
  }
}
