import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';

/** What `Files` needs of the file system; tests hand in one that fails. */
export type FileOperations = Pick<
  typeof fs,
  'open' | 'rename' | 'mkdir' | 'readFile' | 'rm' | 'stat' | 'readdir' | 'rmdir'
>;

/** Reading and writing files so that a file is there whole or not at all. */
export interface Files {
  /** The file's bytes, or undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The last `count` bytes and the file's length, or undefined where there is no such file or it is shorter. */
  readTail(path: string, count: number): Promise<{ tail: Uint8Array; length: number } | undefined>;
  /** The first `count` bytes, or all where there are fewer; undefined where there is no such file. */
  readHead(path: string, count: number): Promise<Uint8Array | undefined>;
  /** `count` bytes from `position` on, fewer where the file ends before; undefined where there is no such file. */
  readAt(path: string, position: number, count: number): Promise<Uint8Array | undefined>;
  /** Length in bytes, or undefined where there is no such file. */
  length(path: string): Promise<number | undefined>;
  /**
   * Writes beside the target, flushes to the disk, and renames: a reader sees the old file or the new one.
   *
   * @param bytes may come in chunks; an error of theirs goes on
   * @throws AtlasError `no-space` or `unwritable`; nothing half-written is left
   */
  write(path: string, bytes: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Puts the names in a folder on the disk: a rename or removal in it then outlives a power cut. Does what it can:
   * some platforms refuse.
   */
  syncFolder(path: string): Promise<void>;
  /** SHA-256 (hex) of `count` bytes from the start, all of them if left out; undefined where there is no such file. */
  digest(path: string, count?: number): Promise<string | undefined>;
  /** Milliseconds since the file was written, or undefined where there is none. */
  age(path: string): Promise<number | undefined>;
  /** Removes a file if it is there, and the folders that become empty, up to but not including `root`. */
  remove(path: string, root: string): Promise<void>;
  /** Every file below `folder`, relative to it, with `/` between names, sorted; empty where there is no folder. */
  list(folder: string): Promise<string[]>;
}

/** Names of files that are being written; whoever finds an old one may remove it. */
const TEMPORARY_SUFFIX = '.atlas-tmp';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a path is that of a file that a run is writing, or was when it was killed. */
export function isTemporary(path: string): boolean {
  return path.endsWith(TEMPORARY_SUFFIX);
}

/** Whether a file was being written by a run that has surely ended: no file takes a day. */
export async function isAbandoned(path: string, files: Pick<Files, 'age'>): Promise<boolean> {
  return isTemporary(path) && ((await files.age(path)) ?? 0) > DAY_MS;
}

/** `Files` on a disk. */
export function createFiles(operations: FileOperations = fs): Files {
  return {
    read: (path) => operations.readFile(path).catch(absentOr(path)),
    readTail: (path, count) =>
      readPart(operations, path, (length) => (length < count ? undefined : [length - count, count])),
    async readHead(path, count) {
      const part = await readPart(operations, path, (length) => [0, Math.min(count, length)]);
      return part?.tail;
    },
    async readAt(path, position, count) {
      const part = await readPart(operations, path, () => [position, count]);
      return part?.tail;
    },
    async length(path) {
      const stat = await operations.stat(path).catch(absentOr(path));
      return stat?.isFile() ? stat.size : undefined;
    },
    write: (path, bytes) => writeWhole(operations, path, bytes),
    async syncFolder(path) {
      const handle = await operations.open(path, 'r').catch(() => undefined);
      await handle?.sync().catch(() => undefined);
      await handle?.close();
    },
    digest: (path, count) => digestOf(operations, path, count),
    async age(path) {
      const stat = await operations.stat(path).catch(absentOr(path));
      return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
    },
    async remove(path, root) {
      await operations.rm(path, { force: true }).catch((error: unknown) => {
        throw writeError(path, error);
      });
      for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder)) {
        const removed = await operations.rmdir(folder).then(
          () => true,
          () => false, // not empty, or another run is at work in it
        );
        if (!removed) return;
      }
    },
    async list(folder) {
      const entries = await entriesBelow(operations, folder);
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/u, ''),
        )
        .sort();
    },
  };
}

async function writeWhole(
  operations: FileOperations,
  path: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`;
  try {
    const handle = await openNew(operations, temporary);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await operations.rename(temporary, path);
  } catch (error) {
    await operations.rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof AtlasError ? error : writeError(path, error);
  }
}

/** How often a folder may vanish between making it and making a file in it: another run removes empty ones. */
const TRIES = 10;

async function openNew(operations: FileOperations, path: string): Promise<fs.FileHandle> {
  for (let tries = 1; ; tries++) {
    try {
      await operations.mkdir(dirname(path), { recursive: true });
      return await operations.open(path, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (tries < TRIES) continue;
      await makeOutermost(operations, dirname(path));
      throw error;
    }
  }
}

/** Throws why a folder cannot be made: of a disk that is only to be read, Node's recursive `mkdir` says ENOENT. */
async function makeOutermost(operations: FileOperations, folder: string): Promise<void> {
  let missing = folder;
  for (let above = dirname(folder); above !== missing; above = dirname(above)) {
    if ((await operations.stat(above).catch(absentOr(above))) !== undefined) break;
    missing = above;
  }
  await operations.mkdir(missing);
}

async function entriesBelow(operations: FileOperations, folder: string): Promise<Dirent[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await operations.readdir(folder, { recursive: true, withFileTypes: true });
    } catch (error) {
      absentOr(folder)(error as NodeJS.ErrnoException);
      const isThere = (await operations.stat(folder).catch(absentOr(folder))) !== undefined;
      if (!isThere || tries === TRIES) return []; // else a folder in it vanished while it was read
    }
  }
}

const CHUNK = 2 ** 20;

async function digestOf(
  operations: FileOperations,
  path: string,
  count = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const handle = await operations.open(path, 'r').catch(absentOr(path));
  if (handle === undefined) return undefined;
  try {
    const sum = createHash('sha256');
    const room = new Uint8Array(Math.min(CHUNK, count));
    for (let at = 0; at < count;) {
      const { bytesRead } = await handle.read(room, 0, Math.min(room.length, count - at), at);
      if (bytesRead === 0) break;
      sum.update(room.subarray(0, bytesRead));
      at += bytesRead;
    }
    return sum.digest('hex');
  } catch (error) {
    throw atlasError('unreadable', { path, reason: (error as Error).message }, {}, error);
  } finally {
    await handle.close();
  }
}

async function readPart(
  operations: FileOperations,
  path: string,
  choose: (length: number) => [position: number, count: number] | undefined,
): Promise<{ tail: Uint8Array; length: number } | undefined> {
  const handle = await operations.open(path, 'r').catch(absentOr(path));
  if (handle === undefined) return undefined;
  try {
    const length = (await handle.stat()).size;
    const chosen = choose(length);
    if (chosen === undefined) return undefined;
    const [position, count] = chosen;
    const { buffer, bytesRead } = await handle.read(new Uint8Array(count), 0, count, position);
    return { tail: buffer.subarray(0, bytesRead), length };
  } finally {
    await handle.close();
  }
}

function absentOr(path: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw atlasError('unreadable', { path, reason: error.message }, {}, error);
  };
}

/** What a failed write means: no space left, or another reason. */
export function writeError(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return atlasError('no-space', { path }, {}, error);
  return atlasError('unwritable', { path, reason: message }, {}, error);
}
