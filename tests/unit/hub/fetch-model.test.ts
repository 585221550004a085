import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../../../pipeline/checkpoint/read-tokenizer.ts';
import { fetchModel, type FetchContext } from '../../../pipeline/hub/fetch-model.ts';
import { hubState } from '../../../pipeline/hub/hub-state.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { codeOfAsync } from '../error-code.ts';
import { COMMIT, etagOf, OLD_COMMIT, startFakeHub, type FakeHub, type FakeRepository } from './fake-hub.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const NAME = 'someone/tiny';

/** The files of a folder, with some added (or taken away, where undefined). */
function filesOf(folder: string, changes: Record<string, Buffer | undefined> = {}): Record<string, Buffer> {
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
  );
  return Object.fromEntries(
    Object.entries<Buffer | undefined>({ ...files, ...changes }).filter(
      (entry): entry is [string, Buffer] => entry[1] !== undefined,
    ),
  );
}

const tinyFiles = filesOf(join(PROJECT, 'models/tiny-gpt2'), {
  'pytorch_model.bin': Buffer.from('never read'),
  'flax_model.msgpack': Buffer.from('never read'),
});
const tiny: FakeRepository = { refs: { main: COMMIT, step1000: OLD_COMMIT }, files: tinyFiles };
const weights = tinyFiles['model.safetensors'] ?? Buffer.alloc(0);

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-hub-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

interface Noted {
  readonly progress: [number, number][];
}

function contextOf(
  { url }: Pick<FakeHub, 'url'>,
  more: Partial<FetchContext['settings']> = {},
): FetchContext & Noted {
  const progress: [number, number][] = [];
  const nothing = () => undefined;
  return {
    progress,
    files: createFiles(),
    reporter: {
      note: nothing,
      warn: nothing,
      finished: nothing,
      progress: (_, done, total) => progress.push([done, total]),
    },
    signal: new AbortController().signal,
    settings: { endpoint: url, cache: temporary(), isOffline: false, ...more },
    patience: { tries: 3, pause: 1, silence: 200 },
  };
}

const fetchTiny = (context: FetchContext, revision?: string) =>
  fetchModel({ repository: NAME, ...(revision === undefined ? {} : { revision }) }, context);

describe('a model of the hub', () => {
  it('is downloaded once into the cache, only the files that are needed, and runs from there', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    const context = contextOf(hub);
    const folder = await fetchTiny(context);
    const home = join(context.settings.cache, 'models--someone--tiny');
    expect(folder).toBe(join(home, 'snapshots', COMMIT));
    expect(readdirSync(folder).sort()).toEqual(
      ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].sort(),
    );
    expect(readlinkSync(join(folder, 'model.safetensors'))).toBe(`../../blobs/${etagOf(weights)}`);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    expect(readFileSync(join(home, 'refs/main'), 'utf8')).toBe(COMMIT);
    expect(
      readdirSync(join(home, 'blobs')).every((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(name)),
    ).toBe(true);
    expect(context.progress.at(-1)).toEqual([
      Math.ceil(totalOf(folder) / 1e6),
      Math.ceil(totalOf(folder) / 1e6),
    ]);
    expect((await openCheckpoint(folder)).description.family).toBe('GPT-2');
    expect((await readTokenizer(folder)).vocabularySize).toBe(2048);

    const asked = hub.requests.length;
    expect(await fetchTiny(context)).toBe(folder);
    expect(hub.requests).toHaveLength(asked);
  });

  it('has revisions by branch, tag and commit, which share the files that are equal', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    const context = contextOf(hub);
    const first = await fetchTiny(context, 'step1000');
    expect(first).toContain(OLD_COMMIT);
    const before = hub.requests.length;
    const second = await fetchTiny(context, COMMIT);
    expect(second).toContain(COMMIT);
    expect(hub.requests.slice(before).filter((request) => request.includes('/resolve/'))).toEqual([]);
    expect(existsSync(join(context.settings.cache, 'models--someone--tiny/refs', COMMIT))).toBe(false);
    expect(await codeOfAsync(() => fetchTiny(context, 'step7'))).toBe('hub-revision-missing');
  });

  it("takes the shards that the index names, and PyTorch's form where there is no other", async () => {
    const fixtures = join(PROJECT, 'tests/fixtures/oracle');
    const hub = await startFakeHub({
      'a/sharded': { refs: { main: COMMIT }, files: filesOf(join(fixtures, 'gpt2-sharded')) },
      'a/bin': { refs: { main: COMMIT }, files: filesOf(join(fixtures, 'gpt2-bin')) },
    });
    const context = contextOf(hub);
    for (const [repository, count] of [
      ['a/sharded', 3],
      ['a/bin', 1],
    ] as const) {
      const { weightFiles } = await openCheckpoint(await fetchModel({ repository }, context));
      expect(weightFiles).toHaveLength(count);
      // It has no tokenizer, which is noted, so that the hub is not asked again.
      const asked = hub.requests.length;
      await fetchModel({ repository }, context);
      expect(hub.requests).toHaveLength(asked);
    }
  });

  it('is read from a cache that another program made, also offline and where it has only what was loaded', async () => {
    const context = contextOf({ url: 'http://127.0.0.1:9' }, { isOffline: true });
    const home = join(context.settings.cache, 'models--someone--tiny');
    const folder = join(home, 'snapshots', COMMIT);
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(home, 'refs/refs/pr'), { recursive: true });
    writeFileSync(join(home, 'refs/refs/pr/1'), COMMIT);
    writeFileSync(join(home, 'refs/main'), COMMIT);
    writeFileSync(join(folder, 'config.json'), tinyFiles['config.json'] ?? '');
    expect(await codeOfAsync(() => fetchTiny(context))).toBe('hub-offline');
    writeFileSync(join(folder, 'model.safetensors'), weights);
    expect(await fetchTiny(context)).toBe(folder);
    expect(await fetchTiny(context, 'refs/pr/1')).toBe(folder);
    expect(await codeOfAsync(() => fetchTiny(context, 'step1000'))).toBe('hub-offline');
    const online = { ...context, settings: { ...context.settings, isOffline: false } };
    expect(await fetchTiny(online)).toBe(folder); // nobody answers, and what is there can run
  });
});

describe('connections that break', () => {
  it('are taken up where they ended', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    hub.mishaps.push({ cutAfter: 100 }, { status: 503 }, { cutAfter: 50 });
    const folder = await fetchTiny(contextOf(hub));
    expect(
      readFileSync(join(folder, 'config.json')).equals(tinyFiles['config.json'] ?? Buffer.alloc(0)),
    ).toBe(true);
    expect(hub.requests.filter((request) => request.includes('/config.json'))).toEqual([
      `GET /${NAME}/resolve/${COMMIT}/config.json`,
      `GET /${NAME}/resolve/${COMMIT}/config.json bytes=100-`,
      `GET /${NAME}/resolve/${COMMIT}/config.json bytes=100-`,
      `GET /${NAME}/resolve/${COMMIT}/config.json bytes=150-`,
    ]);
  });

  it('leave what they brought, for the next run', async () => {
    const hub = await startFakeHub({
      [NAME]: {
        ...tiny,
        files: { 'config.json': tinyFiles['config.json'] ?? weights, 'model.safetensors': weights },
      },
    });
    const context = contextOf(hub);
    hub.mishaps.push(
      { cutAfter: 1e6 },
      { cutAfter: 100_000 },
      { status: 500 },
      { status: 500 },
      { status: 500 },
    );
    const failure = fetchTiny(context);
    await expect(failure).rejects.toMatchObject({
      code: 'hub-download-broken',
      place: { file: 'model.safetensors' },
    });
    const blob = join(context.settings.cache, 'models--someone--tiny/blobs', etagOf(weights));
    const kept = lstatSync(`${blob}.incomplete`).size;
    expect([existsSync(blob), kept > 0, kept <= 100_000]).toEqual([false, true, true]);
    const folder = await fetchTiny(context);
    expect(hub.requests.at(-1)).toBe(`GET /${NAME}/resolve/${COMMIT}/model.safetensors bytes=${kept}-`);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    expect(existsSync(`${blob}.incomplete`)).toBe(false);
  });

  it('may fall silent, or start anew', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    hub.mishaps.push({ silent: true }, { cutAfter: 100 }, { ignoreRange: true });
    const folder = await fetchTiny(contextOf(hub));
    expect(
      readFileSync(join(folder, 'config.json')).equals(tinyFiles['config.json'] ?? Buffer.alloc(0)),
    ).toBe(true);
  });

  it('end when the person interrupts', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    hub.mishaps.push({ silent: true });
    const interruption = new AbortController();
    setTimeout(() => {
      interruption.abort();
    }, 50);
    await expect(fetchTiny({ ...contextOf(hub), signal: interruption.signal })).rejects.toHaveProperty(
      'name',
      'AbortError',
    );
  });
});

describe('answers that are not as they should be', () => {
  it('refuses bytes that are not those of the listing, and keeps none of them', async () => {
    const hub = await startFakeHub({ [NAME]: tiny });
    const context = contextOf(hub);
    hub.mishaps.push({ spoil: true });
    await expect(fetchTiny(context)).rejects.toMatchObject({
      code: 'hub-checksum-wrong',
      place: { file: 'config.json' },
    });
    expect(readdirSync(join(context.settings.cache, 'models--someone--tiny/blobs'))).toEqual([]);
    expect(existsSync(await fetchTiny(context))).toBe(true);
  });

  const changed =
    (change: (entry: Record<string, unknown>) => unknown) => (entries: Record<string, unknown>[]) =>
      entries.map(change);
  const listings: [string, FakeRepository['listing'], string][] = [
    [
      'another size',
      changed((entry) => ({ ...entry, ...(entry.lfs === undefined ? { size: 3 } : {}) })),
      'hub-answer-invalid',
    ],
    ['no checksum', changed((entry) => ({ ...entry, oid: 'x' })), 'hub-answer-invalid'],
    [
      'a checksum that is a path',
      changed((entry) => ({ ...entry, oid: '../../../../evil', lfs: undefined })),
      'hub-answer-invalid',
    ],
    ['a negative size', changed((entry) => ({ ...entry, size: -1, lfs: undefined })), 'hub-answer-invalid'],
    ['something else', () => ({ error: 'busy' }), 'hub-answer-invalid'],
    ['no config', (entries) => entries.filter(({ path }) => path !== 'config.json'), 'model-file-missing'],
    ['no weights', (entries) => entries.filter(({ path }) => path === 'config.json'), 'model-file-missing'],
  ];
  it.each(listings)('refuses a listing with %s', async (_, listing, code) => {
    const hub = await startFakeHub({ [NAME]: { ...tiny, ...(listing === undefined ? {} : { listing }) } });
    expect(await codeOfAsync(() => fetchTiny(contextOf(hub)))).toBe(code);
  });

  it.each(['../../../evil', '/etc/evil', 'a/../../evil', 'sub/model.safetensors'])(
    'writes nothing outside the cache for an index that names "%s"',
    async (shard) => {
      const index = Buffer.from(JSON.stringify({ weight_map: { a: shard } }));
      const files = {
        'config.json': tinyFiles['config.json'] ?? index,
        'model.safetensors.index.json': index,
        [shard]: weights,
      };
      const hub = await startFakeHub({ [NAME]: { ...tiny, files } });
      expect(await codeOfAsync(() => fetchTiny(contextOf(hub)))).toBe('json-invalid');
      expect(hub.requests.some((request) => request.includes('evil'))).toBe(false);
    },
  );

  it.each(['../up', 'a/b/c', 'a b/c', '', 'a--b/c', '-a/b', 'a/..'])(
    'asks for no repository called "%s"',
    async (repository) => {
      const context = contextOf({ url: 'http://127.0.0.1:9' });
      expect(await codeOfAsync(() => fetchModel({ repository }, context))).toBe('hub-name-invalid');
    },
  );

  it.each(['../main', 'a..b', '', '/x', 'a b', 'x.lock'])(
    'asks for no revision called "%s"',
    async (revision) => {
      expect(await codeOfAsync(() => fetchTiny(contextOf({ url: 'http://127.0.0.1:9' }), revision))).toBe(
        'hub-name-invalid',
      );
    },
  );
});

describe('access', () => {
  it('says of a gated model how to get it, and sends the token to the hub alone', async () => {
    const hub = await startFakeHub({ [NAME]: { ...tiny, isGated: true } });
    const without = contextOf(hub);
    await expect(fetchTiny(without)).rejects.toMatchObject({
      code: 'hub-gated',
      explanation: { remedy: expect.stringContaining('HF_TOKEN') as unknown },
    });
    expect(await codeOfAsync(() => hubState({ repository: NAME }, without.settings, without.signal))).toBe(
      'hub-gated',
    );
    hub.tokens.add('hf_good');
    const withToken = contextOf(hub, { token: 'hf_good' });
    expect(await hubState({ repository: NAME }, withToken.settings, withToken.signal)).toEqual({
      isAtHand: false,
      bytes: [
        'README.md',
        'config.json',
        'model.safetensors',
        'tokenizer.json',
        'tokenizer_config.json',
      ].reduce((sum, name) => sum + (tinyFiles[name]?.length ?? 0), 0),
    });
    const folder = await fetchTiny(withToken);
    expect(hub.leaked).toEqual([]);
    expect(await hubState({ repository: NAME }, withToken.settings, withToken.signal)).toEqual({
      isAtHand: true,
      folder,
    });
    expect(await codeOfAsync(() => fetchTiny(contextOf(hub, { token: 'hf_bad' })))).toBe('hub-token-refused');
  });

  it('tells a missing model from a hub that does not answer', async () => {
    const hub = await startFakeHub({});
    expect(await codeOfAsync(() => fetchTiny(contextOf(hub)))).toBe('hub-model-missing');
    expect(await codeOfAsync(() => fetchTiny(contextOf({ url: 'http://127.0.0.1:9' })))).toBe(
      'hub-unreachable',
    );
  });
});

function totalOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
}
