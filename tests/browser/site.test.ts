import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('the grid of a model', () => {
  it('is coloured by a metric, with the values in words, and the address brings it back', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/`);
    await page.getByLabel('induction, mean').check();
    const values = () => page.locator('.model-grid .value').allTextContents();
    const shown = await values();
    expect(shown).toHaveLength(8);
    expect(shown.every((text) => /^[01]\.\d\d$/u.test(text))).toBe(true);
    expect(await page.locator('.model-grid .tile:visible').count()).toBe(0);
    const greys = await page
      .locator('.model-grid .swatch rect')
      .evaluateAll((rects) => rects.map((rect) => Number(/\d+/u.exec(rect.getAttribute('fill') ?? '')?.[0])));
    const order = (numbers: readonly number[]) =>
      numbers.map((_, index) => index).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
    expect(order(greys.map((grey) => -grey))[0]).toBe(order(shown.map(Number))[0]);
    expect(page.url()).toContain('colour=induction');
    await page.reload();
    expect(await values()).toEqual(shown);
    await page.getByLabel('attention').check();
    expect(await page.locator('.model-grid .tile:visible').count()).toBe(8);
    expect(new URL(page.url()).search).toBe('');
    expect(faults).toEqual([]);
  });

  it('says when the patterns of a prompt cannot be fetched, and keeps what it shows', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/`);
    const href = () => page.locator('.model-grid image').first().getAttribute('href');
    const before = await href();
    await page.route('**/generated/figures/raw/**', (route) => route.abort());
    await page.locator('#grid-prompt').selectOption({ index: 5 });
    await expect
      .poll(() => page.locator('.model-grid [role="status"]').textContent())
      .toContain('could not be');
    expect(await href()).toBe(before);
  });

  it('shows each pattern in a square of its own picture, whichever prompt is chosen', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/?prompt=none-such`);
    const sizes = () =>
      page.locator('.model-grid .tile').evaluateAll((tiles) =>
        tiles.map((tile) => {
          const [x = 0, y = 0, width = 0, height = 0] = (tile.getAttribute('viewBox') ?? '')
            .split(' ')
            .map(Number);
          const image = tile.querySelector('image');
          const right = Number(image?.getAttribute('width'));
          const bottom = Number(image?.getAttribute('height'));
          return { width, height, isInside: x + width <= right && y + height <= bottom };
        }),
      );
    const before = await sizes();
    await page.locator('#grid-prompt').selectOption({ index: 7 });
    await expect.poll(async () => (await sizes())[0]?.width).not.toBe(before[0]?.width);
    const after = await sizes();
    expect(after).toHaveLength(8);
    for (const { width, height, isInside } of after) {
      expect(width).toBe(height);
      expect(isInside).toBe(true);
    }
  });
});

describe('the heads', () => {
  const rows = (page: Page) => page.locator('.head-table tbody tr');

  it('are found by a query, and the address brings it back', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}heads/?model=tiny-neox`);
    await page.getByLabel('Which heads').fill('induction >= 0.2 and L1H*');
    await eventually(() => rows(page).count()).toBeLessThan(4);
    const count = await rows(page).count();
    expect(count).toBeGreaterThan(0);
    const means = await rows(page)
      .locator('[data-metric="induction"]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-mean'))));
    expect(means.every((mean) => mean >= 0.2)).toBe(true);
    await eventually(() => new URL(page.url()).searchParams.get('q')).toBe('induction >= 0.2 and L1H*');
    await page.reload();
    await eventually(() => rows(page).count()).toBe(count);
    expect(await page.locator('output').textContent()).toContain(`${String(count)} head`);
    expect(faults).toEqual([]);
  });

  it('say which character of a query is wrong, how a word goes on, and that nothing fits', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}heads/`);
    const box = page.getByLabel('Which heads');
    await box.fill('inductoin > 0.2');
    await eventually(() => page.getByRole('alert').textContent()).toContain('Did you mean "induction"?');
    expect(await page.locator('mark').textContent()).toBe('inductoin');
    await eventually(() => rows(page).count()).toBe(64);
    await box.fill('layer = 1 prev');
    await page.getByRole('button', { name: 'previous-token' }).click();
    expect(await box.inputValue()).toBe('layer = 1 previous-token ');
    await box.fill('L77H3');
    await eventually(() => page.getByText('No head fits').count()).toBe(1);
  });

  it('keep the links of before there were queries', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}heads/?model=tiny-neox&sort=previous-token&least=0.2`);
    await eventually(() => page.getByLabel('Which heads').inputValue()).toBe('previous-token >= 0.2');
    await eventually(() => rows(page).count()).toBeLessThan(8);
  });

  it('keep still where the list ends above the window, and where it grows into it', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1440, height: 500 } });
    await page.goto(`${inject('root')}heads/`);
    await eventually(() => page.locator('tbody tr').count()).toBeGreaterThan(20);
    await page.evaluate(() => {
      scrollTo(0, document.body.scrollHeight);
    });
    await page.getByLabel('Model', { exact: true }).selectOption('tiny-gpt2');
    await eventually(() => page.locator('tbody tr').count()).toBe(8);
    await page.setViewportSize({ width: 1440, height: 3000 });
    await page.getByLabel('Model', { exact: true }).selectOption('');
    await eventually(() => page.locator('tbody tr').count()).toBeGreaterThan(20);
    expect(faults).toEqual([]);
  });

  it('stand in one table without scripts, strongest first', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${inject('root')}heads/`);
    expect(await page.getByLabel('Which heads').isVisible()).toBe(false);
    expect(await rows(page).count()).toBe(64);
    expect(await page.getByText('Strongest induction first').isVisible()).toBe(true);
  });

  it('hang on a wall by thousands, of which only those in sight are on the page', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${inject('root')}heads/?q=L1H0-1&show=wall`);
    const pictures = page.locator('.cells li');
    await eventually(() => pictures.count()).toBe(16);
    await page.getByText(/^Prompts: 1 of/u).click();
    await page.getByRole('button', { name: /^Take these/u }).click();
    await page.getByLabel('Which heads').fill('');
    await eventually(() => page.getByText('4,736 pictures.').count()).toBe(1);
    expect(await pictures.count()).toBeLessThan(400);
    await page.getByLabel('Border by').selectOption('model');
    await page.getByLabel('Order by', { exact: true }).selectOption('prompt');
    await eventually(() => page.getByLabel('Borders by model').locator('li').count()).toBe(8);
    await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
    });
    await expect
      .poll(() => page.locator('ol.cells').getAttribute('start').then(Number))
      .toBeGreaterThan(4000);
    const last = pictures.last().getByRole('link');
    await eventually(() => pictures.last().locator('image').count()).toBe(1);
    const head = await last.locator('.caption span').first().textContent();
    await last.click();
    await page.locator('canvas').waitFor();
    const heading = (await page.locator('h1').textContent()) ?? '';
    expect(heading.split(' ').toReversed().join(' ')).toBe(head);
    await page.goBack();
    await eventually(() => page.getByLabel('Border by').inputValue()).toBe('model');
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('search', () => {
  it('finds a phrase, a title, and only the nearest where nothing fits', async () => {
    const { page, faults } = await openPage(browser);
    const state = () => page.locator('#search-state').textContent();
    await page.goto(`${inject('root')}search/?q=${encodeURIComponent('"river coat"')}`);
    await expect.poll(state).toBe('1 prompt');
    expect(await page.locator('#results').textContent()).toContain('Nine words, twice');
    await page.locator('#query').fill('syllables');
    await expect.poll(() => page.locator('#results').textContent()).toContain('Made-up syllables');
    await page.locator('#query').fill('xylophonist');
    await expect.poll(state).toContain('No prompt holds “xylophonist”');
    expect(faults).toEqual([]);
  });

  it('offers to search everywhere where the choice holds nothing', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}search/?q=moon&set=code`);
    await page.getByRole('button', { name: 'Search all prompts' }).click();
    await page.locator('#results li').first().waitFor();
    expect(page.url()).not.toContain('set=');
  });

  it('says so when the index cannot be fetched, and tries again', async () => {
    const { page } = await openPage(browser);
    await page.route('**/pagefind/**', (route) => route.abort());
    await page.goto(`${inject('root')}search/?q=moon`);
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    await page.unroute('**/pagefind/**');
    await retry.click();
    await page.locator('#results li').first().waitFor();
  });
});

describe('a page', () => {
  it('fetches nothing to find prompts before somebody searches, and no script of an island', async () => {
    const { page, requests } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`, { waitUntil: 'networkidle' });
    const scripts = requests.filter((path) => path.endsWith('.js'));
    // The frame's own (theme, keys, the palette's opener, what is collected), and the page's: prompt and checkpoint.
    const sizes = scripts.map(async (path) => (await (await fetch(at(path))).arrayBuffer()).byteLength);
    expect((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000);
    expect(scripts.filter((path) => /svelte|client|palette\.[^/]*$/u.test(path))).toEqual([]);
    expect(requests.filter((path) => path.includes('/pagefind/'))).toEqual([]);
  });

  it('says what the data were made with, and how the run went', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}about/`);
    const facts = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Made with' }) });
    const onnxruntime = facts.locator('div').filter({ hasText: 'onnxruntime' });
    expect(await onnxruntime.locator('dd').innerText()).toMatch(/^\d+\.\d+\.\d+$/u);
    const run = page.getByRole('table').filter({ hasText: 'Stage' });
    const packs = run.getByRole('row').filter({ hasText: 'packs' }).getByRole('cell');
    const [made = '', reused = ''] = await packs.allInnerTexts();
    expect(Number(made) + Number(reused)).toBeGreaterThan(0);
  });

  it('shows a prompt’s newlines and spaces as marks with names', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}prompts/`);
    await page.getByRole('link', { name: 'A list on two lines' }).click();
    expect(await page.getByRole('img', { name: 'newline' }).count()).toBe(1);
    const text = page.locator('.prompt-text');
    expect((await text.innerText()).split('\n')).toHaveLength(2);
    expect(await page.getByRole('img', { name: 'space', exact: true }).count()).toBeGreaterThan(10);
  });
});
