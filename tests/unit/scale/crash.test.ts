import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { manifestSchema } from '../../../src/schema/manifest.ts';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';
import { random } from '../random.ts';
import { digests, everything, sha256, STORE, WRITTEN } from './files-of.ts';

const program = resolve(import.meta.dirname, '../../../pipeline/main.ts');
/** Two atlases at once, each killed so often. */
const LANES = [1, 2];
const KILLS = 26;
const SEAL_BYTES = 32;
/** No process gets far in this share of an undisturbed run: it is still being loaded. */
const LOADING = 0.3;

/** A build that is killed after `milliseconds`, unless it ends before; tells whether it was. */
async function killed(atlas: SmallAtlas, milliseconds: number): Promise<boolean> {
  const child = spawn(process.execPath, [program, 'build'], { cwd: atlas.folder, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) =>
    child.on('close', (code, by) => {
      done([code, by]);
    }),
  );
  clearTimeout(timer);
  if (signal !== 'SIGKILL') expect(status).toBe(0);
  return signal === 'SIGKILL';
}

/** What a run left that was killed may be incomplete, but nothing in it may be wrong. */
async function expectSound(atlas: SmallAtlas): Promise<void> {
  for (const path of Object.keys(await digests(atlas, STORE))) {
    if (!/[0-9a-f]{64}$/u.test(path)) continue;
    const bytes = await readFile(join(atlas.folder, STORE, path));
    const seal = Buffer.from(bytes.subarray(-SEAL_BYTES)).toString('hex');
    expect([path, seal]).toEqual([path, sha256(bytes.subarray(0, -SEAL_BYTES))]);
  }
  const path = join(atlas.folder, 'public/generated/manifest.json');
  const manifest = await readFile(path, 'utf8').catch(() => undefined);
  if (manifest === undefined) return;
  const published = await digests(atlas, 'public/generated');
  for (const [name, file] of Object.entries(manifestSchema.parse(JSON.parse(manifest)).files)) {
    expect([name, published[name]]).toEqual([name, file.sha256]);
  }
}

it('a build that is killed at any moment leaves nothing wrong, and the next one ends with the same bytes', async () => {
  const moments: number[] = [];
  const kill = async (lane: number) => {
    const atlas = await smallAtlas();
    try {
      const start = performance.now();
      expect(await killed(atlas, 60_000)).toBe(false);
      const whole = await everything(atlas);
      const duration = performance.now() - start;
      const reset = async () => {
        for (const folder of WRITTEN) await rm(join(atlas.folder, folder), { recursive: true });
      };
      await reset();
      const seeded = random(lane);
      for (let kills = 0; kills < KILLS;) {
        const moment = duration * (LOADING + (1.1 - LOADING) * seeded.next());
        if (await killed(atlas, moment)) {
          kills++;
          moments.push(moment / duration);
          await expectSound(atlas);
        } else {
          expect(await everything(atlas)).toEqual(whole);
          await reset();
        }
      }
      expect(await killed(atlas, 60_000)).toBe(false);
      expect(await everything(atlas)).toEqual(whole);
    } finally {
      await atlas.remove();
    }
  };
  await Promise.all(LANES.map(kill));
  expect(moments.length).toBeGreaterThanOrEqual(50);
}, 300_000);

it('two builds at once on one store end with the bytes of one', async () => {
  const atlas = await smallAtlas();
  try {
    expect(await killed(atlas, 60_000)).toBe(false);
    const whole = await everything(atlas);
    for (const folder of WRITTEN) await rm(join(atlas.folder, folder), { recursive: true });
    expect(await Promise.all([killed(atlas, 60_000), killed(atlas, 60_000)])).toEqual([false, false]);
    expect(await everything(atlas)).toEqual(whole);
  } finally {
    await atlas.remove();
  }
}, 120_000);
