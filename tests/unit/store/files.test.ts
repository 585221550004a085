import { hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFiles, type FileOperations } from '../../../pipeline/store/files.ts';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'atlas-files-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

/** A disk that is full once `room` bytes of a file are written. */
function fullDisk(room: number): FileOperations {
  return {
    ...fs,
    async open(...parameters: Parameters<typeof fs.open>) {
      const handle = await fs.open(...parameters);
      return Object.assign(handle, {
        async writeFile(bytes: Uint8Array) {
          await handle.write(bytes.subarray(0, room));
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        },
      });
    },
  };
}

describe('files', () => {
  it('writes a file whole, in folders that it makes', async () => {
    const files = createFiles();
    await files.write(join(folder, 'a/b/c.bin'), Uint8Array.of(1, 2, 3));
    expect(await files.read(join(folder, 'a/b/c.bin'))).toEqual(Buffer.from([1, 2, 3]));
    expect(await files.list(folder)).toEqual(['a/b/c.bin']);
  });

  it('leaves the old file and no other when the disk is full', async () => {
    const target = join(folder, 'pack.bin');
    await createFiles().write(target, Uint8Array.of(7));
    const attempt = createFiles(fullDisk(2)).write(target, Uint8Array.of(1, 2, 3));
    await expect(attempt).rejects.toMatchObject({
      code: 'no-space',
      message: expect.stringContaining(target) as string,
    });
    expect(await createFiles().read(target)).toEqual(Buffer.from([7]));
    expect(await createFiles().list(folder)).toEqual(['pack.bin']);
  });

  it('says which file cannot be written and why', async () => {
    await fs.writeFile(join(folder, 'file'), '');
    const attempt = createFiles().write(join(folder, 'file/below'), 'text');
    await expect(attempt).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('reads the ends of a file, and knows one that is absent', async () => {
    const files = createFiles();
    const path = join(folder, 'x');
    await files.write(path, Uint8Array.of(1, 2, 3, 4, 5));
    expect(await files.readTail(path, 2)).toEqual({ tail: Uint8Array.of(4, 5), length: 5 });
    expect(await files.readTail(path, 6)).toBeUndefined();
    expect(await files.readHead(path, 2)).toEqual(Uint8Array.of(1, 2));
    expect(await files.readHead(path, 9)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
    expect(await files.read(join(folder, 'absent'))).toBeUndefined();
    expect(await files.length(join(folder, 'absent'))).toBeUndefined();
  });

  it('removes a file and the folders that it leaves empty, but not the root', async () => {
    const files = createFiles();
    await files.write(join(folder, 'root/a/b/one'), 'x');
    await files.write(join(folder, 'root/a/two'), 'x');
    await files.remove(join(folder, 'root/a/b/one'), join(folder, 'root'));
    expect(await fs.readdir(join(folder, 'root/a'))).toEqual(['two']);
    await files.remove(join(folder, 'root/a/two'), join(folder, 'root'));
    expect(await fs.readdir(join(folder, 'root'))).toEqual([]);
  });

  it('writes a file although another run keeps removing its folder, and gives up in the end', async () => {
    const vanishing = (times: number): FileOperations => {
      let left = times;
      return {
        ...fs,
        async open(...parameters: Parameters<typeof fs.open>) {
          if (left-- > 0) await fs.rmdir(join(folder, 'shared'));
          return fs.open(...parameters);
        },
      };
    };
    await createFiles(vanishing(3)).write(join(folder, 'shared/x'), 'text');
    expect(await fs.readFile(join(folder, 'shared/x'), 'utf8')).toBe('text');
    await fs.rm(join(folder, 'shared'), { recursive: true });
    const attempt = createFiles(vanishing(1000)).write(join(folder, 'shared/x'), 'text');
    await expect(attempt).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('lists a folder in which another run removes folders meanwhile', async () => {
    await createFiles().write(join(folder, 'a/b'), 'text');
    let left = 2;
    const readdir = (...parameters: Parameters<typeof fs.readdir>) =>
      left-- > 0
        ? Promise.reject(Object.assign(new Error('ENOENT: no such file, scandir'), { code: 'ENOENT' }))
        : fs.readdir(...parameters);
    const files = createFiles({ ...fs, readdir: readdir as FileOperations['readdir'] });
    expect(await files.list(folder)).toEqual(['a/b']);
    expect(await files.list(join(folder, 'absent'))).toEqual([]);
  });

  it('hashes a file, or its beginning', async () => {
    const files = createFiles();
    const content = Buffer.alloc(2 ** 20 + 7, 'pattern');
    await files.write(join(folder, 'x'), content);
    expect(await files.digest(join(folder, 'x'))).toBe(hash('sha256', content, 'hex'));
    const begin = content.subarray(0, 2 ** 20 + 1);
    expect(await files.digest(join(folder, 'x'), begin.length)).toBe(hash('sha256', begin, 'hex'));
    expect(await files.digest(join(folder, 'absent'))).toBeUndefined();
  });

  it('goes on where a platform cannot put a folder on the disk', async () => {
    const refusing = {
      ...fs,
      open: () => Promise.reject(Object.assign(new Error('EISDIR'), { code: 'EISDIR' })),
    } as FileOperations;
    await expect(createFiles(refusing).syncFolder(folder)).resolves.toBeUndefined();
    await expect(createFiles().syncFolder(folder)).resolves.toBeUndefined();
  });
});
