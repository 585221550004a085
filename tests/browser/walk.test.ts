import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from './open-site.ts';
import { eventually } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each(['root', 'below'] as const)('a visitor of the site at %s', (site) => {
  it('walks from home over search to a prompt, a head, its view and a comparison', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(inject(site));
    await page.getByRole('searchbox').fill('lamp');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(/\/search\/\?q=lamp/u);
    await page.locator('#results a').first().click();
    await page.waitForURL(/\/prompts\/[\w-]{22}\//u);
    await page.getByRole('link', { name: 'tiny-gpt2', exact: true }).first().click();
    await page.getByRole('link', { name: 'L1H2', exact: true }).first().click();
    await page.waitForURL(/\/tiny-gpt2\/L1\/H2\//u);
    await page.getByRole('link', { name: 'View one pattern' }).click();
    await page.waitForURL(/\/view\//u);
    await page.locator('canvas').first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
    await page.waitForURL(/\/compare\//u);
    await page.locator('canvas').first().waitFor();
    expect(faults).toEqual([]);
  });
});

describe('search', () => {
  it('finds a prompt by its words, and a facet narrows the answer', async () => {
    const { page, faults, requests } = await openPage(browser);
    await page.goto(`${inject('root')}search/`);
    expect(requests.some((path) => path.includes('/pagefind/'))).toBe(false);
    await page.locator('#query').fill('the');
    await page.locator('#results li').first().waitFor();
    const all = Number.parseInt((await page.locator('#search-state').textContent()) ?? '');
    expect(all).toBeGreaterThan(10);
    await page.locator('#facet-set').selectOption('stories');
    await expect
      .poll(async () => Number.parseInt((await page.locator('#search-state').textContent()) ?? ''))
      .toBeLessThan(all);
    expect(await page.locator('#results mark').count()).toBeGreaterThan(0);
    expect(page.url()).toContain('set=stories');
    await page.locator('#query').fill('xylophonist');
    await expect.poll(() => page.locator('#search-state').textContent()).toContain('No prompt holds');
    expect(faults).toEqual([]);
  });
});

describe('themes', () => {
  it('follow the switch, by keyboard, and stay on the next page', async () => {
    const { page } = await openPage(browser, { colorScheme: 'light' });
    await page.goto(inject('root'));
    await page.getByRole('button', { name: 'Dark theme' }).focus();
    await page.keyboard.press('Enter');
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await background()).toBe('rgb(21, 23, 27)');
    await page.goto(`${inject('root')}models/`);
    expect(await background()).toBe('rgb(21, 23, 27)');
  });
});

describe('a model page', () => {
  it('shows another prompt without leaving, and its address brings it back', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/`);
    const href = () => page.locator('.model-grid image').first().getAttribute('href');
    const before = await href();
    await page.locator('#grid-prompt').selectOption({ index: 3 });
    await expect.poll(href).not.toBe(before);
    const chosen = await href();
    await page.reload();
    await expect.poll(href).toBe(chosen);
    expect(faults).toEqual([]);
  });
});

describe('the heads', () => {
  it('can be filtered by model and sorted by metric', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}heads/`);
    await page.getByLabel('Model', { exact: true }).selectOption('tiny-neox');
    await page.getByLabel('Sort by').selectOption('previous-token');
    await eventually(() => page.locator('.head-table tbody tr').count()).toBe(8);
    const means = await page.$$eval('.head-table tbody tr [data-metric="previous-token"]', (cells) =>
      cells.map((cell) => Number((cell as HTMLElement).dataset.mean)),
    );
    expect(means).toEqual(means.toSorted((a, b) => b - a));
  });
});

describe('the keyboard', () => {
  it('skips to the content first', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});
