import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from './files.ts';

/** Bytes that are put aside until all of them are known. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<void>;
  /** All that was put aside, in order. */
  chunks(): AsyncGenerator<Uint8Array>;
}

/** What is held in memory before it goes to the disk. */
const HELD = 8 * 2 ** 20;
const CHUNK = 2 ** 20;

/**
 * Bytes put aside for the length of `use`: in memory while there are few, else in a file in `folder` that is removed
 * afterwards.
 *
 * @throws AtlasError `no-space` or `unwritable`
 */
export async function withScratch<T>(folder: string, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const path = join(folder, `scratch-${randomBytes(6).toString('hex')}.atlas-tmp`);
  let file: FileHandle | undefined;
  let pending: Uint8Array[] = [];
  let held = 0;
  const spill = async () => {
    try {
      await mkdir(folder, { recursive: true });
      file ??= await open(path, 'wx+');
      await file.appendFile(Buffer.concat(pending));
    } catch (error) {
      throw writeError(path, error);
    }
    [pending, held] = [[], 0];
  };
  const scratch: Scratch = {
    async append(bytes) {
      pending.push(bytes);
      held += bytes.length;
      if (held >= HELD) await spill();
    },
    async *chunks() {
      for (let at = 0; file !== undefined;) {
        const { buffer, bytesRead } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, at);
        if (bytesRead === 0) break;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
      yield* pending;
    },
  };
  try {
    return await use(scratch);
  } finally {
    await file?.close();
    await rm(path, { force: true });
  }
}
