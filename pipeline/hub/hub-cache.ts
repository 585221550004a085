import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import type { HubAddress } from '../../src/schema/hub-address.ts';
import { weightFileNames } from '../checkpoint/weight-files.ts';
import { TOKENIZER_FILES } from './needed-files.ts';

/** A revision of a model in the cache. */
export interface Snapshot {
  readonly folder: string;
  /** Whether the config and the weights are there. */
  readonly canRun: boolean;
  /** Whether a tokenizer is there too, or is known not to be in the repository. */
  readonly isComplete: boolean;
}

const COMMIT = /^[0-9a-f]{40}$/u;

/** Whether a revision is the whole name of a commit, which stays what it is. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/**
 * Paths of a repository in the cache of Hugging Face's programs: files by their checksum in `blobs/`, links to them by
 * their names in `snapshots/COMMIT/`, and the commit of each branch and tag in `refs/`.
 */
export function repositoryPaths(cache: string, { repository, revision = 'main' }: HubAddress) {
  const folder = join(cache, `models--${repository.replaceAll('/', '--')}`);
  return {
    ref: join(folder, 'refs', revision),
    blob: (etag: string) => join(folder, 'blobs', etag),
    snapshot: (commit: string) => join(folder, 'snapshots', commit),
    /** Stands for a file that the commit does not have. */
    absent: (commit: string, file: string) => join(folder, '.no_exist', commit, file),
  };
}

/** What the cache holds of a model; undefined where it has no file of that revision. */
export async function findSnapshot(cache: string, address: HubAddress): Promise<Snapshot | undefined> {
  const paths = repositoryPaths(cache, address);
  const { revision = 'main' } = address;
  const commit = isCommit(revision)
    ? revision
    : await readFile(paths.ref, 'utf8').then(
        (text) => text.trim(),
        () => '',
      );
  if (!isCommit(commit)) return undefined;
  const folder = paths.snapshot(commit);
  const names = new Set(await readdir(folder).catch(() => []));
  if (names.size === 0) return undefined;
  const canRun = (await isFile(join(folder, 'config.json'))) && (await hasWeights(folder));
  const hasTokenizer =
    TOKENIZER_FILES.some((name) => names.has(name)) ||
    (await isFile(paths.absent(commit, TOKENIZER_FILES[0])));
  return { folder, canRun, isComplete: canRun && hasTokenizer };
}

async function hasWeights(folder: string): Promise<boolean> {
  const files = await weightFileNames(folder).catch(() => undefined);
  if (files === undefined) return false;
  return (await Promise.all(files.map((file) => isFile(join(folder, file))))).every(Boolean);
}

/** Whether there is a file, not only a link to where one was. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Puts a link to a blob into a snapshot; where the system has no links, another name for it, or a copy. */
export async function linkBlob(blob: string, path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await symlink(relative(dirname(path), blob), temporary)
      .catch(() => link(blob, temporary))
      .catch(() => copyFile(blob, temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
