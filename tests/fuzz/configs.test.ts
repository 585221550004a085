import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseJson } from '../../pipeline/parse-json.ts';
import { readModel } from '../../src/engine/architectures/index.ts';
import { connectHub } from '../../pipeline/hub/hub-client.ts';
import { neededFiles } from '../../pipeline/hub/needed-files.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const ORACLE = join(import.meta.dirname, '../fixtures/oracle');

it('config.json of every family', async () => {
  const configs = readdirSync(ORACLE).map(
    (name) => JSON.parse(readFileSync(join(ORACLE, name, 'config.json'), 'utf8')) as Record<string, unknown>,
  );
  const answers = await fuzz((random) => {
    const config = mutateJson(random.pick(configs), random);
    const { stacks } = readModel((config ?? {}) as Record<string, unknown>).description;
    const layers = stacks.reduce((sum, stack) => sum + stack.layers.length, 0);
    if (layers > 100_000) throw new Error(`${layers} layers`);
  });
  expect(answers).toBeGreaterThan(0);
});

it('JSON that is cut off or damaged', async () => {
  const text = readFileSync(join(ORACLE, 'gpt2/config.json'));
  await fuzz((random) => {
    const value = parseJson(Buffer.from(mutateBytes(text, random)).toString(), 'config.json');
    if (typeof value === 'object' && value !== null) readModel(value as Record<string, unknown>);
  });
});

it('answers of the hub', async () => {
  const revision = { _id: '1', id: 'a/b', sha: 'a'.repeat(40) };
  const large = { oid: 'c'.repeat(64), size: 9e8, pointerSize: 130 };
  const listing = [
    { type: 'file', path: 'config.json', size: 400, oid: 'b'.repeat(40) },
    { type: 'file', path: 'model.safetensors', size: 9e8, oid: 'd'.repeat(40), lfs: large },
    { type: 'directory', path: 'onnx', size: 0, oid: 'e'.repeat(40) },
  ];
  const settings = { endpoint: 'http://hub.example', cache: '/nowhere', isOffline: false };
  const answers = await fuzz(async (random) => {
    const status = random.below(10) === 0 ? random.pick([204, 301, 400, 401, 403, 404, 416, 429, 500]) : 200;
    const respond: typeof fetch = (input) => {
      const url = input instanceof Request ? input.url : String(input);
      const text = JSON.stringify(mutateJson(url.includes('/tree/') ? listing : revision, random) ?? null);
      const damaged = random.below(8) === 0 ? Buffer.from(mutateBytes(Buffer.from(text), random)) : text;
      const headers =
        random.below(4) === 0 ? { 'x-error-code': random.pick(['GatedRepo', 'RepoNotFound', '']) } : {};
      return Promise.resolve(new Response(status === 204 ? null : damaged, { status, headers }));
    };
    const client = await connectHub(settings, new AbortController().signal, respond);
    const commit = await client.commitOf({ repository: 'a/b' });
    const files = await client.list({ repository: 'a/b' }, commit);
    for (const name of neededFiles(new Set(files.keys())).files) {
      const file = files.get(name);
      if (file === undefined) continue;
      if (
        !/^[\w.-]+$/u.test(file.path) ||
        !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(file.etag) ||
        file.bytes < 0
      )
        throw new Error(JSON.stringify(file));
    }
  });
  expect(answers).toBeGreaterThan(0);
});
