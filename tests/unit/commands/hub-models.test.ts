import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMIT, OLD_COMMIT, startFakeHub, type FakeHub } from '../hub/fake-hub.ts';

const project = resolve(import.meta.dirname, '../../..');
const TINY = join(project, 'models/tiny-gpt2');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-hub-command-'));
  await writeFile(join(folder, 'prompts.jsonl'), '{"text": "one two three one two three"}\n');
});
afterEach(() => rm(folder, { recursive: true }));

async function startHub(): Promise<FakeHub> {
  const names = await readdir(TINY);
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(TINY, name))] as const)),
  );
  const tiny = { refs: { main: COMMIT, step1000: OLD_COMMIT }, files };
  return startFakeHub({
    'someone/tiny': tiny,
    'EleutherAI/pythia-14m': tiny,
    'someone/gated': { ...tiny, isGated: true },
  });
}

async function writeConfig(models: readonly unknown[]): Promise<void> {
  const config = { models, promptSets: [{ file: 'prompts.jsonl' }] };
  await writeFile(join(folder, 'atlas.config.ts'), `export default ${JSON.stringify(config)};\n`);
}

function atlas(hub: FakeHub, words: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((done) => {
    execFile(
      process.execPath,
      [join(project, 'pipeline/main.ts'), ...words],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, HF_HOME: join(folder, 'hf'), HF_ENDPOINT: hub.url, ...env },
      },
      (error, stdout, stderr) => {
        done({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

describe('models of the hub on the command line', () => {
  it('are built from the config, and told apart by doctor', async () => {
    const hub = await startHub();
    await writeConfig([
      { hub: 'someone/tiny' },
      { series: 'steps', checkpoints: [{ hub: 'someone/tiny', revision: 'step1000', step: 1000 }] },
    ]);
    const before = await atlas(hub, ['doctor', '--json']);
    expect([before.status, before.stdout.match(/is not at hand: [\d.]+ MB to download/gu)]).toMatchObject([
      0,
      { length: 2 },
    ]);
    expect((await atlas(hub, ['build', '--dry-run'])).stderr).toContain('error [hub-not-at-hand]');
    const built = await atlas(hub, ['build', '--json']);
    expect(JSON.parse(built.stdout)).toMatchObject({ models: 2, published: true });
    expect((await readdir(join(folder, 'public/generated/packs'))).sort()).toEqual([
      'someone-tiny',
      'someone-tiny_step1000',
    ]);
    const offline = await atlas(hub, ['build'], { HF_HUB_OFFLINE: '1' });
    expect([offline.status, offline.stderr.includes('activations  0 made, 10 reused')]).toEqual([0, true]);
    expect((await atlas(hub, ['models'])).stdout).toContain('at hand  someone/tiny@step1000');
    await writeConfig([{ hub: 'someone/gated' }]);
    const gated = await atlas(hub, ['doctor']);
    expect([gated.status, gated.stdout]).toMatchObject([1, expect.stringContaining('set HF_TOKEN')]);
  }, 60_000);

  it('are named by repository, revision or short name, and give way to a folder', async () => {
    const hub = await startHub();
    await writeConfig([{ hub: 'someone/tiny' }]);
    const words = ['tokenize', '--text', 'Tom and', '--json', '--model'];
    const local = JSON.parse((await atlas(hub, [...words, TINY])).stdout) as unknown;
    for (const name of ['someone/tiny', 'someone/tiny@step1000', 'pythia-14m']) {
      expect(JSON.parse((await atlas(hub, [...words, name])).stdout)).toEqual(local);
    }
    const patterns = await atlas(hub, [
      'patterns',
      '--model',
      'pythia-14m',
      '--text',
      'Tom and',
      '--out',
      'p.npz',
    ]);
    expect([patterns.status, await readdir(folder)]).toMatchObject([0, expect.arrayContaining(['p.npz'])]);
    const { names } = JSON.parse((await atlas(hub, ['models', '--json'])).stdout) as {
      names: { repository: string; available: boolean }[];
    };
    expect(names.filter(({ available }) => available).map(({ repository }) => repository)).toEqual([
      'EleutherAI/pythia-14m',
    ]);
    const asked = await atlas(hub, [
      'activations',
      '-m',
      'pythia-14m,someone/tiny',
      '-p',
      'prompts.jsonl',
      '-s',
      'store',
    ]);
    expect(asked.stdout).toContain('2 of 2 prompt and model pairs');

    await cp(TINY, join(folder, 'pythia-14m'), { recursive: true });
    const requests = hub.requests.length;
    expect((await atlas(hub, [...words, 'pythia-14m'], { HF_HOME: join(folder, 'empty') })).status).toBe(0);
    expect(hub.requests).toHaveLength(requests);
    for (const [name, code] of [
      ['someone/nothing', 'hub-model-missing'],
      ['someone/tiny@nothing', 'hub-revision-missing'],
      ['someone/gated', 'hub-gated'],
      ['./nothing', 'model-file-missing'],
    ] as const) {
      const { status, stderr } = await atlas(hub, [...words, name]);
      expect([name, status, /error \[(.+?)\]/u.exec(stderr)?.[1]]).toEqual([name, 1, code]);
    }
    const offline = await atlas(hub, [...words, 'someone/gated'], { HF_HUB_OFFLINE: '1' });
    expect(offline.stderr).toContain('error [hub-offline]');
  }, 60_000);
});
