import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeBeside } from '../../src/core/beside-pack.ts';
import { formatNumber } from '../../src/core/view/cell-value.ts';
import { assets } from '../../src/schema/urls.ts';
import { comparePath, viewPath } from '../../src/schema/view-state.ts';
import { launch, openPage } from './open-site.ts';
import { at, cellPoint, eventually, patternAt, someAddress } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const address = await someAddress();
const FILE = assets.valueNorms(address.model, address.prompt);

/** What a page says of a cell: attention times the length of what the key gives. */
async function wordsOf(query: number, key: number): Promise<string> {
  const { pattern, pack } = await patternAt(address);
  const norms = new Uint8Array(await (await fetch(at(FILE))).arrayBuffer());
  const { valueNorms } = decodeBeside({ norms }, pack.header.stacks, address);
  const value = (pattern.values[query * pattern.columns + key] ?? NaN) * (valueNorms?.[key] ?? NaN);
  return formatNumber(Number(value.toPrecision(4)));
}

async function pointAt(page: Page, plot: number, query: number, key: number): Promise<void> {
  const { pattern } = await patternAt(address);
  const { rows, columns } = pattern;
  await page.mouse.move(...(await cellPoint(page.locator('canvas').nth(plot), [query, key], rows, columns)));
}

it('weights a pattern by values in View, which are fetched only then', async () => {
  const { page, faults, requests } = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
  await page.goto(at(viewPath(address)), { waitUntil: 'networkidle' });
  expect(requests).not.toContain(FILE);
  await page.getByLabel('Figure', { exact: true }).selectOption('value-weighted');
  await eventually(() => new URL(page.url()).searchParams.get('figure')).toBe('value-weighted');
  expect(requests).toContain(FILE);
  await pointAt(page, 0, 9, 4);
  const words = await wordsOf(9, 4);
  await eventually(() => page.locator('.figure-cell').textContent()).toContain(words);
  await page.reload();
  await eventually(() => page.locator('.figure-cell').count()).toBe(1);
  await page.keyboard.press('h');
  expect(faults).toEqual([]);
});

it('weights the panes of a comparison, and those that are added', async () => {
  const { page, faults } = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
  await page.goto(at(comparePath([address, { ...address, head: 0 }], { figure: 'value-weighted' })));
  await eventually(() => page.locator('canvas').count()).toBe(2);
  await pointAt(page, 0, 9, 4);
  const words = await wordsOf(9, 4);
  await eventually(() => page.locator('article').first().locator('.readout').textContent()).toContain(words);
  await page.locator('article').first().getByText('Change', { exact: true }).click();
  await page.locator('article').first().getByRole('button', { name: 'Duplicate' }).click();
  await eventually(() => page.locator('canvas').count()).toBe(3);
  await pointAt(page, 1, 9, 4);
  await eventually(() => page.locator('article').nth(1).locator('.readout').textContent()).toContain(words);
  expect(faults).toEqual([]);
});

it('says so where the model has no value norms', async () => {
  const { page } = await openPage(browser);
  await page.route(`**${FILE}`, (route) => route.fulfill({ body: '' }));
  await page.goto(at(viewPath(address, { figure: 'value-weighted' })));
  await eventually(() => page.locator('.plot .hint').textContent()).toContain('is not available here');
});

it('says so where the file does not fit the pattern, and fetches it again', async () => {
  const { page } = await openPage(browser);
  let isDamaged = true;
  await page.route(`**${FILE}`, (route) => (isDamaged ? route.fulfill({ body: 'abcd' }) : route.continue()));
  await page.goto(at(viewPath(address, { figure: 'value-weighted' })));
  const retry = page.getByRole('button', { name: /again/u });
  await eventually(() => retry.count()).toBe(1);
  isDamaged = false;
  await retry.click();
  await eventually(() => page.locator('.figure-cell').count()).toBe(1);
});
