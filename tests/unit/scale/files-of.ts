import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SmallAtlas } from '../keep/small-atlas.ts';

/** Where a run of a small atlas writes. */
export const STORE = '.atlas/store';
export const WRITTEN = [STORE, 'public/generated', 'content/generated'] as const;

/**
 * SHA-256 of every whole file below a folder of an atlas, by path; none where there is no folder. What a run says of its
 * own time is left out, and what it was writing when it was killed.
 */
export async function digests(atlas: SmallAtlas, below: string): Promise<Record<string, string>> {
  const root = join(atlas.folder, below);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  const kept = paths.filter((path) => !/run\.json$|\.atlas-tmp$/u.test(path)).sort();
  const sums = kept.map(async (path) => [path.slice(root.length + 1), sha256(await readFile(path))] as const);
  return Object.fromEntries(await Promise.all(sums));
}

/** The digests of everything that a run writes. */
export async function everything(atlas: SmallAtlas): Promise<Record<string, Record<string, string>>> {
  const each = WRITTEN.map(async (folder) => [folder, await digests(atlas, folder)] as const);
  return Object.fromEntries(await Promise.all(each));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
