import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish, type PublishedFile } from '../../../pipeline/stages/publish.ts';
import { createFiles, type Files } from '../../../pipeline/store/files.ts';
import { openStore } from '../../../pipeline/store/store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-publish-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Publishes texts into `folder`; `steps` is what was done to the disk, in order. */
async function run(texts: Record<string, string>, previous: Record<string, PublishedFile> = {}) {
  const plain = createFiles();
  const steps: string[] = [];
  const name = (path: string) => path.slice(folder.length + 1) || '.';
  const files: Files = {
    ...plain,
    async write(path, bytes) {
      steps.push(`write ${name(path)}`);
      await plain.write(path, bytes);
    },
    async remove(path, root) {
      steps.push(`remove ${name(path)}`);
      await plain.remove(path, root);
    },
    async syncFolder(path) {
      steps.push(`sync ${name(path)}`);
      await plain.syncFolder(path);
    },
    async digest(path) {
      steps.push(`hash ${name(path)}`);
      return plain.digest(path);
    },
  };
  const publications = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const result = await publish(folder, publications, {
    files,
    store: openStore(join(folder, 'store'), files),
    previous,
    keep: [],
    beforeChange: () => {
      steps.push('before');
      return Promise.resolve();
    },
  });
  return { ...result, steps };
}

describe('publishing', () => {
  it('calls back before the first change, and puts every folder that changed on the disk last', async () => {
    await writeFile(join(folder, 'other'), 'x');
    const { steps } = await run({ 'a/b/one': '1' });
    expect(steps).toEqual(['before', 'write a/b/one', 'remove other', 'sync a/b', 'sync a', 'sync .']);
  });

  it('changes nothing where a manifest vouches for all files, and reads none of them', async () => {
    const { files } = await run({ 'a/one': '1', two: '2' });
    expect(await run({ 'a/one': '1', two: '2' }, files)).toMatchObject({ kept: 2, written: 0, steps: [] });
  });

  it('hashes a file of the right length where no manifest vouches for it', async () => {
    const { files } = await run({ one: 'aaa', two: 'bbb' });
    await writeFile(join(folder, 'two'), 'ccc'); // what a run that was killed had put there
    const { steps, files: again } = await run({ one: 'aaa', two: 'bbb' });
    expect(steps.toSorted()).toEqual(['before', 'hash one', 'hash two', 'sync .', 'write two']);
    expect(await readFile(join(folder, 'two'), 'utf8')).toBe('bbb');
    expect(again).toEqual(files);
    expect(again.two).toEqual({ bytes: 3, sha256: hash('sha256', 'bbb', 'hex') });
  });

  it('leaves alone what another run is writing, and removes what one left a day ago', async () => {
    await writeFile(join(folder, 'new.0123456789ab.atlas-tmp'), '');
    await writeFile(join(folder, 'old.0123456789ab.atlas-tmp'), '');
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(join(folder, 'old.0123456789ab.atlas-tmp'), longAgo, longAgo);
    expect(await run({ one: '1' })).toMatchObject({ removed: 1, written: 1 });
    expect(await createFiles().list(folder)).toEqual(['new.0123456789ab.atlas-tmp', 'one']);
  });
});
