import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from './open-site.ts';

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
  it('are left out below a least mean, and the address brings the choice back', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}heads/?model=tiny-neox&sort=induction`);
    await page.locator('#head-least').fill('0.2');
    const rows = page.locator('.head-table tbody tr:visible');
    const count = await rows.count();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(8);
    const means = await rows
      .locator('[data-metric="induction"]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-mean'))));
    expect(means.every((mean) => mean >= 0.2)).toBe(true);
    await page.reload();
    expect(await rows.count()).toBe(count);
    expect(await page.locator('output').textContent()).toContain(`${String(count)} head`);
    await page.locator('#head-least').fill('none');
    expect(await page.locator('#head-least').getAttribute('aria-invalid')).toBe('true');
    expect(await rows.count()).toBe(8);
    expect(faults).toEqual([]);
  });

  it('stand in one table without scripts, strongest first', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${inject('root')}heads/`);
    expect(await page.locator('.head-tools').isVisible()).toBe(false);
    expect(await page.locator('.head-table tbody tr').count()).toBe(64);
    expect(await page.getByText('Strongest induction first').isVisible()).toBe(true);
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
    await page.getByRole('button', { name: 'Search all sets and models' }).click();
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
    expect(scripts.length).toBeLessThanOrEqual(1);
    expect(requests.filter((path) => path.includes('/pagefind/'))).toEqual([]);
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
