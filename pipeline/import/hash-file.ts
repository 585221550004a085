import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { HashedFile } from '../stages/plan.ts';

/** @throws AtlasError `unreadable` */
export async function hashFile(path: string): Promise<HashedFile> {
  const { size, mtimeMs } = await statOf(path);
  const sum = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) sum.update(chunk as Uint8Array);
  } catch (error) {
    throw unreadable(path, error);
  }
  return { path, sha256: sum.digest('hex'), size, modified: mtimeMs };
}

/** @throws AtlasError `import-changed` where the file is not as it was when it was hashed */
export async function checkUnchanged({ path, size, modified }: HashedFile): Promise<void> {
  const now = await statOf(path);
  if (now.size !== size || now.mtimeMs !== modified) throw atlasError('import-changed', { path });
}

async function statOf(path: string) {
  return stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): Error {
  return atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
}
