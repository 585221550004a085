import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STAGES } from '../../../pipeline/store/store.ts';
import { writeModel } from '../import/made-up-patterns.ts';
import { FIRST, SECOND, smallAtlas, type SmallAtlas } from './small-atlas.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

const STORE = '.atlas/store';

describe('atlas clean', () => {
  it('removes nothing that a build made: imports, losses, head means and random tokens count', async () => {
    writeModel(join(atlas.folder, 'data'), 'lens');
    await atlas.configure({
      models: [{ path: 'tiny-gpt2' }, { import: 'data' }],
      metrics: ['induction', 'induction-random', 'loss-weighted-induction'],
      figures: ['raw', 'contact-sheet', 'difference-from-mean'],
    });
    expect(atlas.run('build').status).toBe(0);
    const before = await atlas.files(STORE);
    const stages = new Set(before.map((file) => file.split(`${STORE}/`)[1]?.split('/')[0]));
    expect([...stages].sort()).toEqual([...STAGES, 'platforms', 'store.json'].sort());
    expect(atlas.json('clean')).toMatchObject({ removed: { objects: 0 } });
    expect(await atlas.files(STORE)).toEqual(before);
  });

  it('removes what a prompt left behind, and a build has nothing to make after it', async () => {
    atlas.run('build');
    const whole = await atlas.files(STORE);
    await atlas.prompts(FIRST);
    atlas.run('build');
    const before = await atlas.files(STORE);
    const said = atlas.json('clean', '--dry-run');
    expect(await atlas.files(STORE)).toEqual(before);
    expect(atlas.json('clean')).toEqual(said);
    const after = await atlas.files(STORE);
    expect(after.length).toBeLessThan(whole.length);
    expect(
      atlas
        .run('build')
        .stderr.match(/ (\d+) made/gu)
        ?.every((made) => made === ' 0 made'),
    ).toBe(true);
    await atlas.prompts(FIRST, SECOND);
    atlas.run('build');
    atlas.run('clean');
    expect(await atlas.files(STORE)).toEqual(whole);
  });

  it('keeps drawings of figures that the config names, and no others', async () => {
    await atlas.configure({ figures: ['raw', 'contact-sheet', 'log'] });
    atlas.run('build');
    const built = await atlas.files(STORE);
    expect(atlas.run('figures', '--figure-funcs', 'log').status).toBe(0);
    const drawn = await atlas.files(STORE);
    expect(drawn.length).toBeGreaterThan(built.length);
    atlas.run('figures', '--figure-funcs', 'lines');
    atlas.run('clean');
    expect(await atlas.files(STORE)).toEqual(drawn);
    await atlas.configure({ figures: ['raw', 'contact-sheet'] });
    atlas.run('clean');
    expect(await atlas.files(STORE)).toEqual(built);
  });

  it('says what of a file of other prompts it removes', async () => {
    atlas.run('build');
    await writeFile(join(atlas.folder, 'others.jsonl'), `{"text": "one more"}\n`);
    expect(atlas.run('activations', '-m', 'tiny-gpt2', '-p', 'others.jsonl').status).toBe(0);
    const { stdout } = atlas.run('clean', '--dry-run');
    expect(stdout).toMatch(/activations {2}tiny-gpt2 {2}1 .* its prompt is not in the config/u);
    expect(stdout).toContain('would remove 1 objects');
  });

  it.each([
    ['cannot be loaded', 'config-unloadable', 'export default {'],
    ['names a model that is not there', 'model-folder-missing', undefined],
  ])('removes nothing where the config %s', async (_, code, text) => {
    atlas.run('build');
    const before = await atlas.files(STORE);
    if (text === undefined) await atlas.configure({ models: [{ path: 'gone' }] });
    else await writeFile(join(atlas.folder, 'atlas.config.ts'), text);
    const { status, stderr } = atlas.run('clean');
    expect([status, stderr]).toEqual([1, expect.stringContaining(`[${code}]`)]);
    expect(await atlas.files(STORE)).toEqual(before);
  });

  it('refuses while a run is at work, and not for one that was killed', async () => {
    atlas.run('build');
    await atlas.prompts(FIRST);
    const before = await atlas.files(STORE);
    const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const mark = join(atlas.folder, STORE, 'runs', 'other.atlas-tmp');
    await mkdir(join(mark, '..'), { recursive: true });
    await writeFile(mark, JSON.stringify({ host: hostname(), pid: sleeper.pid, since: 'now' }));
    try {
      const { status, stderr } = atlas.run('clean');
      expect([status, stderr]).toEqual([1, expect.stringContaining('[store-in-use]')]);
      expect(await atlas.files(STORE)).toEqual([...before, mark].sort());
    } finally {
      sleeper.kill('SIGKILL');
      await new Promise((resolve) => sleeper.once('exit', resolve));
    }
    expect(atlas.run('clean').status).toBe(0);
    expect((await atlas.files(STORE)).length).toBeLessThan(before.length);
  });

  it('leaves young temporary files alone, and removes those of a day ago', async () => {
    atlas.run('build');
    const [young, old] = ['young', 'old'].map((name) => join(atlas.folder, STORE, `packs/${name}.atlas-tmp`));
    await writeFile(young ?? '', 'x');
    await writeFile(old ?? '', 'x');
    const before = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    await utimes(old ?? '', before, before);
    expect(atlas.json('clean')).toMatchObject({ abandoned: 1 });
    expect(await readFile(young ?? '', 'utf8')).toBe('x');
    await expect(readFile(old ?? '')).rejects.toThrow();
  });
});
