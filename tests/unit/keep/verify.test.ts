import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from './small-atlas.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
  expect(atlas.run('build').status).toBe(0);
});
afterEach(() => atlas.remove());

const STORE = '.atlas/store';

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

function below(path: string, folder: string): string {
  return path.slice(join(atlas.folder, folder).length + 1);
}

describe('atlas verify', () => {
  it('finds nothing wrong with what a build left', () => {
    const { status, stdout } = atlas.run('verify', '--json');
    expect(status).toBe(0);
    const { checked } = JSON.parse(stdout) as {
      checked: { kind: string; checked: number; wrong: unknown[] }[];
    };
    expect(checked.map(({ kind }) => kind)).toEqual(['store', 'site']);
    for (const { checked: count, wrong } of checked) expect([count > 10, wrong]).toEqual([true, []]);
  });

  it('finds a damaged object and a cut one, keeps them, and removes them to be repaired', async () => {
    const whole = await atlas.files(STORE);
    const [pack = ''] = await atlas.files(`${STORE}/packs`);
    const [measures = ''] = await atlas.files(`${STORE}/measures`);
    await flip(pack);
    await truncate(measures, 7);
    await writeFile(join(atlas.folder, STORE, 'packs/notes.txt'), 'mine');
    const found = atlas.run('verify', STORE);
    expect(found.status).toBe(1);
    expect(found.stdout).toContain(`${below(pack, STORE)}: its content does not fit its checksum`);
    expect(found.stdout).toContain(below(measures, STORE));
    expect(found.stdout).toContain('packs/notes.txt: extra');
    expect(atlas.run('verify', STORE, '--repair', '--dry-run').status).toBe(1);
    expect(await atlas.files(STORE)).toHaveLength(whole.length + 1);
    expect(atlas.run('verify', STORE, '--repair').status).toBe(1);
    expect(await atlas.files(STORE)).toHaveLength(whole.length - 1);
    expect(atlas.run('verify', STORE).status).toBe(0);
    atlas.run('build');
    expect(await atlas.files(STORE)).toHaveLength(whole.length + 1);
    expect(atlas.run('verify', STORE).status).toBe(0);
  });

  it('leaves out whole folders that lie at assetsBase, and those alone', async () => {
    await rm(join(atlas.folder, 'public/generated/packs'), { recursive: true });
    expect(atlas.run('verify', 'public').status).toBe(1);
    await atlas.configure({ assetsBase: 'https://data.example.org/atlas/' });
    const moved = atlas.run('verify', 'public');
    expect([moved.status, moved.stdout]).toEqual([0, expect.stringMatching(/\d+ more lie at assetsBase/u)]);
    const [picture = ''] = await atlas.files('public/generated/figures');
    await rm(picture);
    expect(atlas.run('verify', 'public').status).toBe(1);
  });

  it('finds files of a site that are missing, changed, cut or of somebody else', async () => {
    const [first = '', second = ''] = await atlas.files('public/generated/packs');
    const [picture = ''] = await atlas.files('public/generated/figures');
    await flip(first);
    await truncate(second, 20);
    await rm(picture);
    await writeFile(join(atlas.folder, 'public/generated/notes.txt'), 'mine');
    const { checked } = atlas.json('verify', 'public') as { checked: Record<string, unknown>[] };
    const size = (await readFile(second)).length;
    expect(checked[0]).toMatchObject({
      kind: 'site',
      extra: ['notes.txt'],
      wrong: [
        { path: below(picture, 'public/generated'), problem: 'missing' },
        { path: below(first, 'public/generated'), problem: 'has another SHA-256' },
        {
          path: below(second, 'public/generated'),
          problem: expect.stringMatching(new RegExp(`has ${size} bytes, not`, 'u')) as string,
        },
      ],
    });
    expect(atlas.run('verify', 'public').status).toBe(1);
  });

  it('refuses a manifest that leads out of its folder, and a folder that is neither', async () => {
    const path = join(atlas.folder, 'public/generated/manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(
      path,
      JSON.stringify({ ...manifest, files: { '../secret': { bytes: 1, sha256: '0'.repeat(64) } } }),
    );
    expect(atlas.run('verify', 'public').stderr).toContain('[manifest-invalid]');
    const nothing = atlas.run('verify', 'tiny-gpt2');
    expect([nothing.status, nothing.stderr]).toEqual([1, expect.stringContaining('[verify-nothing]')]);
  });
});

describe('the mark of a store', () => {
  it('is refused by every command where it is newer, and nothing is touched', async () => {
    await writeFile(
      join(atlas.folder, STORE, 'store.json'),
      '{"format":"pattern-atlas store","version":999}\n',
    );
    const before = await atlas.files('.');
    const commands = [
      ['build'],
      ['status'],
      ['clean'],
      ['verify', STORE],
      ['figures', '--out', 'drawn'],
      ['activations', '-m', 'tiny-gpt2', '-p', 'prompts.jsonl'],
      ['export', '--format', 'csv', '--out', 'table'],
    ];
    for (const words of commands) {
      const { status, stderr } = atlas.run(...words);
      expect([words[0], status, stderr]).toEqual([words[0], 1, expect.stringContaining('[store-newer]')]);
      expect(stderr).toContain(`where: ${join(atlas.folder, STORE, 'store.json')}`);
    }
    expect(await atlas.files('.')).toEqual(before);
  });

  it('is given to a store that has none, by the next object written', async () => {
    const mark = join(atlas.folder, STORE, 'store.json');
    await rm(mark);
    await rm(join(atlas.folder, STORE, 'packs'), { recursive: true });
    expect(atlas.run('build').status).toBe(0);
    expect(await readFile(mark, 'utf8')).toBe('{"format":"pattern-atlas store","version":1}\n');
  });

  it('is not taken from another program', async () => {
    await writeFile(join(atlas.folder, STORE, 'store.json'), '{"name":"a shop"}');
    expect(atlas.run('build').stderr).toContain('[store-unknown]');
  });
});

describe('a folder that cannot be written', () => {
  it('is named', async () => {
    await writeFile(join(atlas.folder, 'file'), '');
    const { status, stderr } = atlas.run(
      'activations',
      '-m',
      'tiny-gpt2',
      '-p',
      'prompts.jsonl',
      '-s',
      'file/store',
    );
    expect([status, stderr]).toEqual([1, expect.stringMatching(/\[unwritable\].*file\/store/u)]);
  });
});
