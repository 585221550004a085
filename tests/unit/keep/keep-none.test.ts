import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digests, everything, STORE } from '../scale/files-of.ts';
import { smallAtlas, type SmallAtlas } from './small-atlas.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

const METRICS = ['previous-token', 'entropy', 'induction-random'];
const keepNone = (metrics: readonly string[], more: Record<string, unknown> = {}) =>
  atlas.configure({ metrics, store: { keep: 'none' }, ...more });

const storedPatterns = () => readdir(join(atlas.folder, STORE, 'activations')).catch(() => []);

/** How many a run made of the stage. */
function made(stderr: string, stage: string): number {
  return Number(new RegExp(String.raw`^${stage} +(\d+) made`, 'mu').exec(stderr)?.[1]);
}

describe('a store that keeps no patterns', () => {
  it('gives the same site as one that keeps them, and has nothing to do the second time', async () => {
    await atlas.configure({ metrics: METRICS });
    expect(atlas.run('build').status).toBe(0);
    const exact = await everything(atlas);
    await keepNone(METRICS);
    const dropping = atlas.run('build');
    expect([dropping.status, made(dropping.stderr, 'activations')]).toEqual([0, 0]);
    expect(await storedPatterns()).toEqual([]);

    const fresh = await smallAtlas();
    try {
      await fresh.configure({ metrics: METRICS, store: { keep: 'none' } });
      const first = fresh.run('build');
      expect([first.status, made(first.stderr, 'activations')]).toEqual([0, 6]);
      const none = await everything(fresh);
      for (const folder of ['public/generated', 'content/generated']) {
        expect(none[folder]).toEqual(exact[folder]);
        expect((await everything(atlas))[folder]).toEqual(exact[folder]);
      }
      const kept = Object.entries(exact[STORE] ?? {}).filter(([path]) => !path.startsWith('activations/'));
      expect(none[STORE]).toEqual(Object.fromEntries(kept));
      const second = fresh.run('build');
      expect(second.stderr.match(/ (\d+) made/gu)?.every((count) => count === ' 0 made')).toBe(true);
    } finally {
      await fresh.remove();
    }
  }, 60_000);

  it('computes again what a metric asks for that is added, and a dry run says so', async () => {
    await keepNone(METRICS);
    atlas.run('build');
    const plan = atlas.run('build', '--dry-run').stderr;
    expect(plan).toMatch(/activations +would make 0, reuse 6/u);
    await keepNone([...METRICS, 'gini']);
    const planned = atlas.run('build', '--dry-run').stderr;
    expect(planned).toMatch(/activations +would make 2, reuse 4/u);
    expect(planned).toContain("dropped (store.keep: 'none') and computed again: metric added: gini");
    const added = atlas.run('build');
    expect([added.status, made(added.stderr, 'activations'), made(added.stderr, 'packs')]).toEqual([0, 2, 0]);
    expect(await storedPatterns()).toEqual([]);

    await atlas.prompts('one two three one two three', 'Tom and Ann went to the shop, and Tom gave', 'new');
    const more = atlas.run('build', '--dry-run').stderr;
    expect(more).toMatch(/activations +would make 1, reuse 6\n +1 +tiny-gpt2: new prompt/u);
    const none = await digests(atlas, 'public/generated');
    expect(Object.keys(none).length).toBeGreaterThan(0);
  }, 60_000);

  it('refuses figures that look at all prompts together', async () => {
    await keepNone(METRICS, { figures: ['raw', 'difference-from-mean'] });
    const { status, stderr } = atlas.run('build');
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('figures: "difference-from-mean" look at all'),
    ]);
  });

  it('is exported from its packs, with their error', async () => {
    await keepNone(METRICS);
    atlas.run('build');
    const exported = atlas.json('export', '--format', 'npz', '--out', 'out');
    expect(exported).toMatchObject({ written: 2, failed: 0 });
    expect(exported.maxError).toBeGreaterThan(0);
    expect(exported.maxError).toBeLessThanOrEqual(1 / 510 + 1e-7);
  }, 60_000);

  it('is joined from shards that kept none either', async () => {
    await keepNone(METRICS);
    for (const shard of ['1/2', '2/2']) expect(atlas.run('build', '--shard', shard).status).toBe(0);
    expect(await storedPatterns()).toEqual([]);
    const merged = atlas.run('merge');
    expect([merged.status, made(merged.stderr, 'activations')]).toEqual([0, 0]);
    const { plan } = atlas.json('build', '--dry-run') as { plan: { made: number }[] };
    expect(plan.every(({ made: missing }) => missing === 0)).toBe(true);
    expect(atlas.run('clean').status).toBe(0);
    expect(atlas.run('verify').status).toBe(0);
    expect(made(atlas.run('build').stderr, 'packs')).toBe(0);
  }, 60_000);

  it('keeps what a prompt that fails has left undone apart from the others', async () => {
    await keepNone(METRICS, { prompts: { maxCharacters: 1_000_000 } });
    await atlas.prompts('one two three', 'red blue '.repeat(2000));
    const short = atlas.run('build');
    expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('[prompt-too-long]')]);
    expect(await storedPatterns()).toEqual([]);
    const goesOn = atlas.run('build', '--keep-going');
    expect([goesOn.status, made(goesOn.stderr, 'activations')]).toEqual([0, 0]);
  }, 60_000);
});
