import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';
import { everything, WRITTEN } from './files-of.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

const limit = (limits: Record<string, unknown>) => atlas.configure({ limits });

/** Bytes of all files that a run writes. */
async function written(): Promise<number> {
  let sum = 0;
  for (const folder of WRITTEN) {
    const entries = await readdir(join(atlas.folder, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (entry.isFile()) sum += (await readFile(join(entry.parentPath, entry.name))).length;
    }
  }
  return sum;
}

describe('limits of a config', () => {
  it('stop a build before it goes beyond the disk budget, and it goes on when that is raised', async () => {
    await limit({});
    expect(atlas.run('build').status).toBe(0);
    const whole = await everything(atlas);
    const size = await written();
    for (const folder of WRITTEN) await rm(join(atlas.folder, folder), { recursive: true });
    for (const share of [0.3, 0.5, 0.7, 0.9]) {
      const disk = Math.floor(size * share);
      await limit({ disk });
      const run = atlas.run('build');
      expect([share, run.status, run.stderr]).toEqual([
        share,
        1,
        expect.stringContaining('[disk-full-by-limit]'),
      ]);
      expect(await written()).toBeLessThanOrEqual(disk);
      const left = await readdir(atlas.folder, { recursive: true });
      expect(left.filter((name) => name.endsWith('.atlas-tmp'))).toEqual([]);
    }
    await limit({ disk: '1 GB' });
    expect(atlas.run('build').status).toBe(0);
    expect(await everything(atlas)).toEqual(whole);

    await limit({ disk: '2 kB' });
    for (const words of [['build'], ['activations', '-m', 'tiny-gpt2', '-p', 'prompts.jsonl']]) {
      const refused = atlas.run(...words);
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('[disk-over-limit]')]);
    }
    expect(await everything(atlas)).toEqual(whole);
  }, 60_000);

  it('refuse a run whose patterns alone do not fit, and write nothing', async () => {
    await limit({ disk: '3 kB' });
    const refused = atlas.run('build');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('[disk-over-limit]')]);
    expect(await written()).toBe(0);
  });

  it('give --memory its default, which the option overrides', async () => {
    await limit({ memory: '101 MB' });
    const short = atlas.run('build');
    expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('[prompt-over-memory]')]);
    expect(atlas.run('build', '--memory', '1G').status).toBe(0);
    expect(atlas.run('status', '--memory', '1G').status).toBe(0);
  });

  it('are told by doctor, which fails where a run does not fit', async () => {
    await limit({ memory: '1 GB', disk: '1 GB' });
    expect(atlas.run('doctor').stdout).toMatch(/ok .*memory limit[\s\S]*ok .*disk limit/u);
    await limit({ memory: 1e6, disk: '1 GB' });
    const memory = atlas.run('doctor');
    expect([memory.status, memory.stdout]).toEqual([1, expect.stringMatching(/FAIL\s+memory limit/u)]);
    await limit({ memory: '1 GB', disk: '9 kB' });
    const disk = atlas.run('doctor');
    expect([disk.status, disk.stdout]).toEqual([1, expect.stringMatching(/FAIL\s+disk limit/u)]);
  });

  it('are sizes, and nothing else', async () => {
    await limit({ disk: 'lots' });
    const wrong = atlas.run('build');
    expect([wrong.status, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('limits.disk: must be a size, such as "800 MB"'),
    ]);
  });
});
