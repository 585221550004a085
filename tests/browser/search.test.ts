import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { indexSearch } from '../../pipeline/search/index-search.ts';
import { serveSite, type SiteServer } from '../../pipeline/server/serve-site.ts';
import { createFiles } from '../../pipeline/store/files.ts';
import type { PromptRecord } from '../../src/schema/records.ts';
import { launch, openPage } from './open-site.ts';
import { eventually } from './patterns.ts';

const TEXTS = {
  chinese: '这是一段简单的测试文本。',
  japanese: '東京タワーへ行く',
  arabic: 'مرحبا بالعالم الكبير',
  hindi: 'नमस्ते दुनिया',
  code: 'if (x == 1) { return a->b; }',
  signs: '… ;;; …',
  accents: 'Le café du café-théâtre',
  order: '单简 简 x 单',
};

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const count = (page: Page) => page.locator('#search-state').textContent();
const titles = (page: Page) => page.locator('#results h3').allTextContents();

describe.each([
  ['one index', 20_000],
  ['several merged indexes', 3],
])('prompts of many scripts in %s', (_what, partSize) => {
  let folder: string;
  let server: SiteServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atlas-search-'));
    const site = join(folder, 'site');
    await cp(resolve('dist'), site, { recursive: true });
    const [like] = JSON.parse(await readFile('content/generated/prompts.json', 'utf8')) as PromptRecord[];
    const records = Object.entries(TEXTS).map(([title, text], at) => ({
      ...like,
      id: String(at).padStart(22, 'p'),
      title,
      text,
      characters: [...text].length,
      meta: {},
    }));
    await writeFile(join(folder, 'prompts.json'), JSON.stringify(records));
    await indexSearch(site, folder, createFiles(), partSize);
    server = await serveSite({ folder: site, base: '/', port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['a part of a Chinese text, in its order', '简单', ['chinese']],
    ['signs across what a dictionary takes for words', '单的测', ['chinese']],
    ['Japanese, with its sign of length', 'タワー', ['japanese']],
    ['an Arabic word', 'بالعالم', ['arabic']],
    ['the beginning of a Hindi word', 'नमस्', ['hindi']],
    ['code', 'a->b', ['code']],
    ['signs alone', ';;;', ['signs']],
    ['a word without its accents', 'cafe', ['accents']],
  ])('finds %s', async (_case, query, expected) => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}search/?q=${encodeURIComponent(query)}`);
    await eventually(() => titles(page)).toEqual(expected);
    expect(await page.locator('#results mark').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('says that nothing was found for punctuation that no text is searched by', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}search/?q=${encodeURIComponent('?!')}`);
    await eventually(() => count(page)).toContain('No prompt holds “?!”');
    await page.context().close();
  });

  it('sorts by length over all of them', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}search/?sort=shortest`);
    const sorted = Object.entries(TEXTS).sort(([, a], [, b]) => [...a].length - [...b].length);
    await eventually(() => titles(page)).toEqual(sorted.map(([title]) => title));
    await page.context().close();
  });
});

describe('the search of the default atlas', () => {
  it('finds notes, figures and metrics apart from prompts', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}search/?q=induction`);
    await page.locator('#page-results li').first().waitFor();
    const links = await page
      .locator('#page-results a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links).toContain('/metrics/induction/');
    expect(links).toContain('/tiny-gpt2/L1/H2/');
    expect(faults).toEqual([]);
  });

  it('sorts by the strongest head, which leads to its pattern, and keeps that in the address', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}search/?q=the`);
    await page.locator('#results li').first().waitFor();
    await page.getByLabel('Sort by').selectOption('previous-token');
    await page.waitForURL(/sort=previous-token/u);
    const shown = () =>
      page
        .locator('#results li')
        .evaluateAll((items) => items.map((item) => Number(/(\d\.\d+)\s*$/u.exec(item.textContent)?.[1])));
    await eventually(async () => (await shown()).length).toBeGreaterThan(10);
    await expect
      .poll(async () => {
        const values = await shown();
        return values.every((value, at) => at === 0 || value <= (values[at - 1] ?? 0));
      })
      .toBe(true);
    await page.reload();
    await page.locator('#results li').first().waitFor();
    expect(await page.getByLabel('Sort by').inputValue()).toBe('previous-token');
    await page.locator('#results li p a').first().click();
    await page.waitForURL(/\/view\/\?model=/u);
  });

  it('marks what was found in the text and the tokens of the prompt', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('below')}search/?q=${encodeURIComponent('"river coat"')}`);
    await page.locator('#results h3 a').first().click();
    await page.waitForURL(/\/prompts\/[\w-]{22}\/\?mark=/u);
    expect(await page.locator('.prompt-text mark').allTextContents()).toEqual([
      'river',
      'coat',
      'river',
      'coat',
    ]);
    const tokens = await page.locator('.tokens .found').allTextContents();
    expect(tokens.join('').replace(/[·\s]/gu, '')).toContain('rivercoat');
    expect(faults).toEqual([]);
  });

  it('fetches its index when somebody turns to the words, not before', async () => {
    const { page, requests } = await openPage(browser);
    await page.goto(`${inject('root')}search/`, { waitUntil: 'networkidle' });
    expect(requests.filter((path) => /pagefind|catalogue|\.bin/u.test(path))).toEqual([]);
    await page.locator('#query').focus();
    await eventually(() => requests.some((path) => path.endsWith('catalogue.json'))).toBe(true);
    expect(requests.filter((path) => path.endsWith('.bin'))).toEqual([]);
  });
});
