import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import { promptIdOf } from '../prompts/prompt.ts';
import { readPromptFile } from '../prompts/read-prompt-file.ts';
import type { Files } from '../store/files.ts';
import type { ImportFolder } from './find-models.ts';

/** One prompt of an imported model, as it lies on disk. */
export interface ImportEntry {
  readonly npz: string;
  /** A file that tells the prompt; absent where the npz file does that itself, or nothing does. */
  readonly promptFile?: string;
  /** The name of its folder, which pattern-lens makes of the text. */
  readonly hash?: string;
}

const byNumber = new Intl.Collator('en', { numeric: true });

/**
 * The prompts of an imported model, in the order of pattern-lens's prompts.jsonl, else of their file names.
 *
 * @returns an error for each prompt whose files are not all there
 */
export async function listEntries(folder: ImportFolder, files: Files): Promise<(ImportEntry | AtlasError)[]> {
  if (folder.layout === 'npz') return npzEntries(folder.path);
  const found = await readdir(join(folder.path, 'prompts'), { withFileTypes: true });
  const names = found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const listed = await listedIds(folder.path, files);
  const ordered = [...new Set([...listed, ...names.sort()])];
  return Promise.all(ordered.map((hash) => promptEntry(folder.path, hash)));
}

async function listedIds(folder: string, files: Files): Promise<string[]> {
  const path = join(folder, 'prompts.jsonl');
  if ((await files.length(path)) === undefined) return [];
  const rows = await readPromptFile(files, path);
  return rows.map(({ text }) => promptIdOf(text));
}

async function promptEntry(folder: string, hash: string): Promise<ImportEntry | AtlasError> {
  const own = join(folder, 'prompts', hash);
  const [npz, promptFile] = [join(own, 'activations.npz'), join(own, 'prompt.json')];
  for (const file of [npz, promptFile]) {
    if (!(await isFile(file)))
      return atlasError('import-prompt-invalid', { reason: 'The file is missing.' }, { file });
  }
  return { npz, promptFile, hash };
}

async function npzEntries(folder: string): Promise<ImportEntry[]> {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.npz'))
    .map(({ name }) => name);
  return Promise.all(
    names
      .sort((a, b) => byNumber.compare(a, b))
      .map(async (name) => {
        const npz = join(folder, name);
        const promptFile = npz.replace(/\.npz$/u, '.json');
        return (await isFile(promptFile)) ? { npz, promptFile } : { npz };
      }),
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
