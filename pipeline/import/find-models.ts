import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';

/** A folder that holds the patterns of one model. */
export interface ImportFolder {
  /** The folder's own name. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** `pattern-lens`: `prompts/HASH/activations.npz`; `npz`: npz files of any name. */
  readonly layout: 'pattern-lens' | 'npz';
}

/**
 * The models in `folder`: itself, or each folder in it that holds patterns; by name.
 *
 * @throws AtlasError `unreadable`, `import-nothing`
 */
export async function findModels(folder: string): Promise<ImportFolder[]> {
  const own = await layoutOf(folder);
  if (own !== undefined) return [{ name: basename(resolve(folder)), path: resolve(folder), layout: own }];
  const entries = await readFolder(folder);
  const found: ImportFolder[] = [];
  for (const name of entries
    .filter((each) => each.isDirectory())
    .map((each) => each.name)
    .sort()) {
    const path = resolve(folder, name);
    const layout = await layoutOf(path);
    if (layout !== undefined) found.push({ name, path, layout });
  }
  if (found.length === 0) throw atlasError('import-nothing', { path: folder });
  return found;
}

async function layoutOf(folder: string): Promise<ImportFolder['layout'] | undefined> {
  const prompts = await stat(join(folder, 'prompts')).catch(() => undefined);
  if (prompts?.isDirectory()) return 'pattern-lens';
  const entries = await readFolder(folder);
  return entries.some((entry) => entry.isFile() && entry.name.endsWith('.npz')) ? 'npz' : undefined;
}

async function readFolder(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw atlasError('unreadable', { path: folder, reason: (error as Error).message }, {}, error);
  });
}
