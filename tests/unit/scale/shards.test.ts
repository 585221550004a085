import { spawn } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';
import { digests, everything, STORE } from './files-of.ts';

const project = resolve(import.meta.dirname, '../../..');
const TEXTS = [
  'one two three one two three',
  'Tom and Ann went to the shop, and Tom gave',
  'a',
  'red blue red blue red',
  'The cat sat. The dog sat. The cat ran.',
];

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
  await cp(join(project, 'models/tiny-neox'), join(atlas.folder, 'tiny-neox'), { recursive: true });
  await atlas.prompts(...TEXTS);
  await configure(STORE);
});
afterEach(() => atlas.remove());

async function configure(path: string, name = 'atlas.config.ts'): Promise<void> {
  const config = {
    models: [{ path: 'tiny-gpt2' }, { path: 'tiny-neox' }],
    promptSets: [{ file: 'prompts.jsonl' }],
    store: { path },
  };
  await writeFile(join(atlas.folder, name), `export default ${JSON.stringify(config)};\n`);
}

/** Starts the command line in a process of its own; resolves with its exit code and what it wrote to stderr. */
function start(...words: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(project, 'pipeline/main.ts'), ...words], { cwd: atlas.folder });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done) =>
    child.on('close', (status) => {
      done({ status, stderr });
    }),
  );
}

describe('shards', () => {
  it('in four processes with stores of their own merge to the bytes of one run', async () => {
    expect(atlas.run('build').status).toBe(0);
    const whole = await everything(atlas);
    for (const folder of ['.atlas', 'public', 'content'])
      await rm(join(atlas.folder, folder), { recursive: true });

    const shards = [1, 2, 3, 4];
    for (const shard of shards) await configure(`shard-${shard}`, `shard-${shard}.config.ts`);
    const ran = await Promise.all(
      shards.map((shard) => start('build', '--shard', `${shard}/4`, '--config', `shard-${shard}.config.ts`)),
    );
    expect(ran.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    for (const shard of shards) {
      expect(Object.keys(await digests(atlas, `shard-${shard}/activations`)).length).toBeGreaterThan(0);
    }
    expect(await readdir(atlas.folder)).not.toContain('public');

    const early = atlas.run('merge', 'shard-1', 'shard-2', 'shard-4');
    expect([early.status, early.stderr]).toEqual([1, expect.stringContaining('[shards-missing]')]);
    expect(await readdir(atlas.folder)).not.toContain('public');
    const stores = shards.map((shard) => `shard-${shard}`);
    expect(atlas.run('merge', ...stores, '--dry-run').stdout).toMatch(/would copy [1-9]\d* objects/u);
    const merged = atlas.json('merge', ...stores);
    expect(merged).toMatchObject({ differing: 0, models: 2, prompts: 5, published: true, failures: [] });
    expect(await everything(atlas)).toEqual(whole);
    const again = atlas.json('merge', ...stores);
    expect(again).toMatchObject({ copied: 0, differing: 0, published: true });
  }, 120_000);

  it('in one store at once, counted from 0, need only be published', async () => {
    const ran = await Promise.all([0, 1].map((shard) => start('build', '--shard', `${shard}/2`)));
    expect(ran.map(({ status }) => status)).toEqual([0, 0]);
    const shared = await digests(atlas, `${STORE}/activations`);
    expect(atlas.json('merge')).toMatchObject({ copied: 0, patterns: 80, published: true });
    expect(await digests(atlas, `${STORE}/activations`)).toEqual(shared);
  }, 60_000);

  it('say what they would make, and warn of unlike machines', async () => {
    const planned = atlas.json('build', '--dry-run', '--shard', '1/2') as {
      plan: { stage: string; made: number }[];
    };
    const whole = atlas.json('build', '--dry-run') as { plan: { stage: string; made: number }[] };
    const made = ({ plan }: typeof planned) => plan.find(({ stage }) => stage === 'activations')?.made ?? 0;
    expect(made(planned)).toBeGreaterThan(0);
    expect(made(planned)).toBeLessThan(made(whole));
    expect(planned.plan.map(({ stage }) => stage)).not.toContain('figures');

    expect(atlas.run('build', '--shard', '1/1').status).toBe(0);
    await writeFile(
      join(atlas.folder, STORE, 'platforms/other.json'),
      '{"system":"linux","architecture":"arm64"}\n',
    );
    expect(atlas.run('verify', STORE).status).toBe(0);
    const { status, stderr } = atlas.run('merge');
    expect([status, stderr]).toEqual([0, expect.stringContaining('unlike machines')]);
    expect(stderr).toContain('arm64');
  }, 60_000);

  it('are refused where they mean nothing, and where a store is none', () => {
    for (const words of [
      ['build', '--shard', '5/4'],
      ['build', '--shard', '1'],
      ['build', '--shard', '1/0'],
      ['status', '--shard', '1/2'],
    ]) {
      expect([words, atlas.run(...words).status]).toEqual([words, 2]);
    }
    expect(atlas.run('merge', 'tiny-gpt2').stderr).toContain('[merge-no-store]');
  }, 60_000);

  it('that are damaged are not joined', async () => {
    await configure('shard-1', 'shard-1.config.ts');
    expect(atlas.run('build', '--shard', '1/1', '--config', 'shard-1.config.ts').status).toBe(0);
    const [pack = ''] = await atlas.files('shard-1/packs');
    const bytes = await readFile(pack);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(pack, bytes);
    const { status, stderr } = atlas.run('merge', 'shard-1');
    expect([status, stderr]).toEqual([1, expect.stringContaining('[store-damaged]')]);
    expect(stderr).toContain('shard-1');
    expect(atlas.run('verify', STORE).status).toBe(0);
  }, 60_000);
});
