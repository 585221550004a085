import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MOST_PANES, parseCompare } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { eventually } from './patterns.ts';

let browser: Browser;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  page = watched.page;
  return () => page.context().close();
});

const compareLink = () => page.locator('.site-header').getByRole('link', { name: 'Compare' });
const count = () => page.locator('.collected').textContent();
const floating = () => page.locator('.collect-tile');

describe.each(['root', 'below'] as const)('the tray of the site at %s', (site) => {
  it('keeps what is collected by pointer, key and button over pages, and opens it in their order', async () => {
    await page.goto(`${inject(site)}tiny-gpt2/L1/H2/`);
    // Pictures that are still coming may move the tile from under the pointer, and then the button goes.
    await eventually(async () => {
      await page.locator('.tiles a').nth(2).hover();
      await floating().click({ timeout: 2000 });
      return count();
    }).toBe('1');
    expect(await floating().textContent()).toBe(`Added, 1 of ${MOST_PANES}`);
    await page.goto(`${inject(site)}tiny-neox/`);
    await page.locator('.model-grid a:has(.tile)').nth(5).focus();
    await page.keyboard.press('c');
    await eventually(count).toBe('2');
    expect(await page.locator('#tray-status').textContent()).toBe('tiny-neox L1H1 added: 2 to compare.');
    await page.goto(`${inject(site)}tiny-llama/L0/H3/`);
    await page.getByRole('button', { name: 'Add to compare' }).first().click();
    await eventually(count).toBe('3');
    await compareLink().click();
    await page.waitForURL(/\/compare\//u);
    await eventually(() => page.locator('canvas').count()).toBe(3);
    const { panes } = parseCompare(new URL(page.url()).search);
    expect(panes.map(({ model, layer, head }) => `${model} ${layer} ${head}`)).toEqual([
      'tiny-gpt2 1 2',
      'tiny-neox 1 1',
      'tiny-llama 0 3',
    ]);
    expect(await page.getByText('All are shown below.').isVisible()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take out tiny-neox L1H1' }).click();
    await eventually(count).toBe('2');
    await page.getByRole('button', { name: 'Let all go' }).click();
    await eventually(count).toBe('');
    expect(watched.faults).toEqual([]);
  });
});

describe('the tray', () => {
  it('takes a pattern out again, and no more than a comparison holds', async () => {
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
    const tiles = page.locator('.tiles a');
    for (let at = 0; at <= MOST_PANES; at++) {
      await tiles.nth(at).focus();
      await page.keyboard.press('c');
    }
    await eventually(count).toBe(String(MOST_PANES));
    expect(await page.locator('#tray-status').textContent()).toContain('no more fit');
    await tiles.nth(0).focus();
    await page.keyboard.press('c');
    await eventually(count).toBe(String(MOST_PANES - 1));
  });

  it('adds to the panes that are there', async () => {
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
    await page.locator('.tiles a').nth(4).focus();
    await page.keyboard.press('c');
    await page.goto(`${inject('root')}compare/`);
    await eventually(() => page.locator('canvas').count()).toBe(2);
    await page.getByRole('button', { name: 'Add it to the panes' }).click();
    await eventually(() => page.locator('canvas').count()).toBe(3);
    await page.goBack();
    await eventually(() => page.locator('canvas').count()).toBe(2);
    expect(watched.faults).toEqual([]);
  });

  it('means nothing by C where one writes', async () => {
    await page.goto(`${inject('root')}heads/`);
    await page.getByLabel('Which heads').fill('');
    await page.getByLabel('Which heads').press('c');
    expect(await count()).toBe('');
  });
});

describe('panes', () => {
  it('are reordered by keys and by dragging, and back undoes it', async () => {
    await page.goto(`${inject('root')}compare/`);
    await eventually(() => page.locator('canvas').count()).toBe(2);
    const heads = () => parseCompare(new URL(page.url()).search).panes.map(({ head }) => head);
    await eventually(heads).toEqual([0, 1]);
    await page.getByRole('application').first().focus();
    await page.keyboard.press(']');
    await eventually(heads).toEqual([1, 0]);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    const from = await page.locator('article header').first().boundingBox();
    const to = await page.locator('article').nth(1).boundingBox();
    if (from === null || to === null) throw new Error('Both panes are on the page');
    await page.mouse.move(from.x + from.width - 60, from.y + 20); // beside the heading's link
    await page.mouse.down();
    await page.mouse.move(to.x + 100, to.y + 200, { steps: 8 });
    await page.mouse.move(to.x + 120, to.y + 210);
    await page.mouse.up();
    await eventually(heads).toEqual([0, 1]);
    await page.goBack();
    await eventually(heads).toEqual([1, 0]);
    expect(watched.faults).toEqual([]);
  });
});
