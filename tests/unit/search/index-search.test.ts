import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexSearch } from '../../../pipeline/search/index-search.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { decodeColumn, decodeIds, fragmentNumber } from '../../../src/core/search/columns.ts';
import type { PromptRecord } from '../../../src/schema/records.ts';
import { siteIndexSchema } from '../../../src/schema/site-index.ts';
import type { SearchCatalogue } from '../../../src/schema/search-catalogue.ts';
import { codeOfAsync } from '../error-code.ts';

const TEXTS = ['stone lamp river', 'stone lamp', '这是一段简单的文本', 'for x in y:', 'lamp lamp lamp'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-search-'));
  const site = join(folder, 'site');
  for (const name of ['generated', 'search']) await mkdir(join(site, name), { recursive: true });
  await writeFile(join(site, 'index.html'), '<!doctype html>');
  const model = {
    id: 'one',
    name: 'One',
    weightsSha256: '',
    stacks: [{ stack: 'self', heads: 2, layers: [0, 3] }],
  };
  await writeFile(
    join(site, 'generated/index.json'),
    JSON.stringify({ version: siteIndexSchema.shape.version.def.values[0], models: [model], prompts: [] }),
  );
  const note = { kind: 'note', path: '/one/L0/H1/', title: 'One L0H1', text: 'A head that looks at lamps.' };
  await writeFile(join(site, 'search/pages.json'), JSON.stringify([note]));
  await writeFile(join(folder, 'prompts.json'), JSON.stringify(TEXTS.map(record)));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function record(text: string, at: number): PromptRecord {
  const plate = {
    width: 1,
    height: 1,
    tiles: [{ x: 0, y: 0, width: 1, height: 1, stack: 'self' as const, layer: 3, head: 1 }],
  };
  const values = at === 3 ? {} : { induction: [at / 10] };
  return {
    id: String(at).padStart(22, '0'),
    set: at < 2 ? 'words' : 'others',
    title: text.slice(0, 8),
    text,
    characters: [...text].length,
    meta: {},
    tokenizations: [{ models: ['one'], tokens: ['a'], offsets: [[0, 1]] }],
    models: [{ model: 'one', tokens: 1, packBytes: 1, plate, values }],
  };
}

async function catalogueOf(): Promise<SearchCatalogue> {
  return JSON.parse(await readFile(join(folder, 'site/search/catalogue.json'), 'utf8')) as SearchCatalogue;
}

describe('indexing a site', () => {
  it('makes one index, with the columns in the order of the prompts', async () => {
    expect(await indexSearch(join(folder, 'site'), folder, createFiles())).toBe(5);
    const { prompts, parts, metrics } = await catalogueOf();
    expect([prompts, parts, metrics]).toEqual([5, 0, ['induction']]);
    const characters = decodeColumn(await readFile(join(folder, 'site/search/by/characters.bin')), 5);
    expect([...characters.values]).toEqual(TEXTS.map((text) => [...text].length));
    const induction = decodeColumn(await readFile(join(folder, 'site/search/by/induction.bin')), 5);
    expect([...induction.values].map((value) => Number(value.toFixed(2)))).toEqual([0, 0.1, 0.2, NaN, 0.4]);
    expect(induction.heads?.[4]).toBe(3); // the fourth of one/L0H0, L0H1, L3H0, L3H1
    const fragments = await readdir(join(folder, 'site/pagefind/fragment'));
    expect(fragments).toHaveLength(6); // the note is in it, too
    const positions = decodeIds(await readFile(join(folder, 'site/search/ids.bin')), 5);
    const named = fragments.map((name) => positions.get(fragmentNumber(name.replace('.pf_fragment', ''))));
    expect(named.filter((position) => position !== undefined).sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('makes several where there are many prompts, with one reader', async () => {
    await indexSearch(join(folder, 'site'), folder, createFiles(), 2);
    expect((await catalogueOf()).parts).toBe(2);
    const first = await readdir(join(folder, 'site/pagefind'));
    expect(first).toEqual(expect.arrayContaining(['pagefind.js', 'part-1', 'part-2']));
    const second = await readdir(join(folder, 'site/pagefind/part-2'));
    expect(second).toContain('pagefind-entry.json');
    expect(second.filter((name) => name.endsWith('.js') || name.startsWith('wasm'))).toEqual([]);
    expect(await readdir(join(folder, 'site/pagefind/part-2/fragment'))).toHaveLength(1);
  });

  it('gives the same bytes again', async () => {
    const digest = async () => {
      await indexSearch(join(folder, 'site'), folder, createFiles());
      const paths = (await readdir(join(folder, 'site/search'), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      return Promise.all(paths.map(async (path) => (await readFile(path)).toString('base64')));
    };
    expect(await digest()).toEqual(await digest());
  });

  it('refuses a folder that is no site, or has no records', async () => {
    const codeOf = (site: string, records: string) =>
      codeOfAsync(() => indexSearch(join(folder, site), join(folder, records), createFiles()));
    expect(await codeOf('nowhere', '.')).toBe('site-missing');
    expect(await codeOf('site', 'site')).toBe('records-missing');
  });
});
