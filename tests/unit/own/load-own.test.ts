import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeThrown } from '../../../pipeline/own/import-bundle.ts';
import { loadOwnFigures, loadOwnMetrics } from '../../../pipeline/own/load-own.ts';
import { AtlasError } from '../../../src/schema/errors/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = `title: 'T', reading: 'r', formula: 'f', misleads: 'm', source: { text: 's', year: 2026 }`;
const figure = (name: string, draw = `() => ({ kind: 'svg', svg: '' })`) =>
  `import { defineFigure } from 'pattern-atlas';\nexport default defineFigure({ name: '${name}', ${text}, scope: 'pattern', inputs: ['pattern'], output: 'svg', draw: ${draw} });`;
const metric = `export default { name: 'mine', ${text}, group: 'shape', range: [0, 1], scope: 'pattern', inputs: ['pattern'], compute: () => 0 };`;

async function load(files: Readonly<Record<string, string>>, kind: 'figures' | 'metrics' = 'figures') {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const entries = Object.keys(files)
    .filter((name) => !name.startsWith('part'))
    .map((name) => `./${name}`);
  return kind === 'figures' ? loadOwnFigures(['raw', ...entries], folder) : loadOwnMetrics(entries, folder);
}

/** The code and the words of the error that `loading` ends with. */
async function failure(
  loading: Promise<unknown>,
): Promise<{ code: string; what: string; file: string | undefined }> {
  const error = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AtlasError)) throw new Error(`No AtlasError: ${String(error)}`);
  return { code: error.code, what: `${error.message} ${error.explanation.why}`, file: error.place.file };
}

describe('files of own figures and metrics', () => {
  test('a file stands for the name that it defines', async () => {
    const { own, names } = await load({ 'a.ts': figure('a-figure') });
    expect(names).toEqual(['raw', 'a-figure']);
    expect(own[0]?.file).toBe('./a.ts');
  });

  test('the hash follows what the file does and what it imports, not its comments', async () => {
    const version = async (own: string, part: string) =>
      (await load({ 'b.ts': own, 'part-b.ts': part })).own[0]?.bundle.hash;
    const own = `import { svg } from './part-b.ts';\n${figure('b', `() => ({ kind: 'svg', svg })`)}`;
    const first = await version(own, `export const svg = 'x';`);
    expect(await version(`// why\n${own}`, `/** what */\nexport const svg: string = 'x';`)).toBe(first);
    expect(await version(own, `export const svg = 'y';`)).not.toBe(first);
  });

  test('a metric asks for what is known of one prompt: there is no mean yet', async () => {
    const asking = (input: string) => ({ 'n.ts': metric.replace("['pattern']", `['pattern', '${input}']`) });
    for (const input of ['stack', 'position', 'valueNorms', 'tokenLoss', 'places']) {
      expect((await load(asking(input), 'metrics')).own).toHaveLength(1);
    }
    const { code, what } = await failure(load(asking('mean'), 'metrics'));
    expect(code).toBe('own-definition-invalid');
    expect(what).toMatch(/inputs\.1: Invalid option: expected one of "pattern"\|.*"position"/u);
  });

  test('a metric goes by the hash of its file', async () => {
    const { own } = await load({ 'm.ts': metric }, 'metrics');
    expect(own[0]?.definition).toMatchObject({ name: 'mine', version: own[0]?.bundle.hash });
  });

  test('a thrown error is placed in the file that the user wrote', async () => {
    const { own } = await load({ 'c.ts': figure('c', `() => {\n  throw new Error('no');\n}`) });
    const thrown = () => {
      const definition: unknown = own[0]?.definition;
      (definition as { readonly draw: () => unknown }).draw();
    };
    let message = '';
    try {
      thrown();
    } catch (error) {
      message = describeThrown(
        error,
        own.map(({ bundle }) => bundle),
      );
    }
    expect(message).toMatch(/^no \(.*c\.ts:3:\d+\)$/u);
  });

  test.each([
    ['lacks a field', `export default { name: 'x', scope: 'pattern' };`, /title: is missing.*draw: /u],
    ['has a name that is not kebab-case', figure('NotKebab'), /name: must be kebab-case/u],
    ['has a field of another type', figure('d', '3'), /draw: must be a function/u],
    ['has no default export', 'export const figure = 1;', /no default export/u],
    ['is a metric', metric, /it defines a metric/u],
  ])('a file that %s is refused with the field', async (_, content, what) => {
    const found = await failure(load({ 'bad.ts': content }));
    expect(found).toMatchObject({ code: 'own-definition-invalid', file: './bad.ts' });
    expect(found.what).toMatch(what);
  });

  test.each([
    ['built-in', { 'e.ts': figure('raw') }, /already: a built-in one/u],
    ['other', { 'f.ts': figure('same'), 'g.ts': figure('same') }, /already: that of \.\/f\.ts/u],
  ])('the name of the %s one is taken', async (_, files, what) => {
    const found = await failure(load(files));
    expect(found.code).toBe('own-name-taken');
    expect(found.what).toMatch(what);
  });

  test.each([
    ['cannot be parsed', 'export default {', /bad\.ts/u],
    ['needs Node', `import 'node:fs';\n${figure('n')}`, /imports node:fs/u],
    ['throws while it is loaded', `throw new Error('early');\n${figure('t')}`, /early/u],
  ])('a file that %s is refused', async (_, content, what) => {
    const found = await failure(load({ 'bad.ts': content }));
    expect(found.code).toBe('own-file-unbuildable');
    expect(found.what).toMatch(what);
  });
});
