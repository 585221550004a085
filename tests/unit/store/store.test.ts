import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, outputKey, type Store } from '../../../pipeline/store/store.ts';

let folder: string;
let store: Store;
const key = outputKey('packs', 1, { a: 1 });
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'atlas-store-'));
  store = openStore(folder, createFiles());
});
afterEach(() => fs.rm(folder, { recursive: true }));

const objectPath = () => join(folder, 'packs', key.slice(0, 2), key);

describe('output keys', () => {
  it('do not depend on the order of names', () => {
    expect(outputKey('packs', 1, { a: 1, b: { c: 2, d: [3] } })).toBe(
      outputKey('packs', 1, { b: { d: [3], c: 2 }, a: 1 }),
    );
  });

  it('depend on the stage, its version and every input', () => {
    const keys = [
      outputKey('packs', 1, { a: [1, 2] }),
      outputKey('packs', 2, { a: [1, 2] }),
      outputKey('measures', 1, { a: [1, 2] }),
      outputKey('packs', 1, { a: [2, 1] }),
      outputKey('packs', 1, { a: '1,2' }),
      outputKey('packs', 1, { a: [1, 2], b: null }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the store', () => {
  it('gives back what was written, and tells its digest without reading it', async () => {
    await store.write('packs', key, Buffer.from('hello'));
    expect(await store.has('packs', key)).toBe(true);
    expect(Buffer.from(await store.read('packs', key)).toString()).toBe('hello');
    expect(await store.seal('packs', key)).toEqual({
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
    expect(await store.keys('packs')).toEqual([key]);
  });

  it('finds a changed byte, and forgets the object so that it is made again', async () => {
    await store.write('packs', key, Buffer.from('hello'));
    const bytes = await fs.readFile(objectPath());
    bytes[1] = (bytes[1] ?? 0) ^ 1;
    await fs.writeFile(objectPath(), bytes);
    await expect(store.read('packs', key)).rejects.toMatchObject({ code: 'store-damaged' });
    expect(await store.has('packs', key)).toBe(false);
  });

  it('gives an object in chunks, and finds a changed byte at the end of them', async () => {
    const content = Uint8Array.from({ length: 9_000_000 }, (_, at) => at % 251);
    const joined = async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.chunks('packs', key)) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    await store.write('packs', key, content);
    await store.check('packs', key);
    expect((await joined()).equals(content)).toBe(true);
    for (const read of [joined, () => store.check('packs', key)]) {
      await store.write('packs', key, content);
      const handle = await fs.open(objectPath(), 'r+');
      await handle.write(Uint8Array.of(255), 0, 1, 8_000_000);
      await handle.close();
      await expect(read()).rejects.toMatchObject({ code: 'store-damaged' });
      expect(await store.has('packs', key)).toBe(false);
    }
  });

  it('finds an object that was cut off', async () => {
    await store.write('packs', key, Buffer.from('hello, hello, hello, hello, hello, hello'));
    await fs.truncate(objectPath(), 50);
    await expect(store.read('packs', key)).rejects.toMatchObject({ code: 'store-damaged' });
  });
});
