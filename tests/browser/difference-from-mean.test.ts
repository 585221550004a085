import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeMean } from '../../src/core/mean-file.ts';
import { formatNumber } from '../../src/core/view/cell-value.ts';
import { assets, paths } from '../../src/schema/urls.ts';
import { viewPath } from '../../src/schema/view-state.ts';
import { launch, openPage } from './open-site.ts';
import { at, cellPoint, eventually, patternAt, someAddress } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const address = await someAddress();
const FILE = assets.meanPattern(address);

it('subtracts the head’s mean in View, which is fetched only then', async () => {
  const { page, faults, requests } = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
  await page.goto(at(viewPath(address)), { waitUntil: 'networkidle' });
  expect(requests).not.toContain(FILE);
  await page.getByLabel('Figure', { exact: true }).selectOption('difference-from-mean');
  await eventually(() => page.locator('.figure-cell').count()).toBe(1);
  expect(requests).toContain(FILE);
  const { pattern } = await patternAt(address);
  const mean = decodeMean(new Uint8Array(await (await fetch(at(FILE))).arrayBuffer()), address);
  const here = pattern.values[9 * pattern.columns + 4] ?? NaN;
  const difference = Math.fround(here - (mean.values[9 * mean.columns + 4] ?? NaN));
  await page.mouse.move(
    ...(await cellPoint(page.locator('canvas').first(), [9, 4], pattern.rows, pattern.columns)),
  );
  const words = formatNumber(Number(difference.toPrecision(4)));
  await eventually(() => page.locator('.figure-cell').textContent()).toContain(words);
  expect(faults).toEqual([]);
});

it('is a tab of head pages, and fetches another head’s mean with another head', async () => {
  const { page, faults, requests } = await openPage(browser);
  await page.goto(at(`${paths.head(address)}?figure=difference-from-mean`));
  const panel = page.getByRole('tabpanel', { name: 'Difference from the mean' });
  await page.getByRole('heading', { name: 'Figures', exact: true }).scrollIntoViewIfNeeded();
  await eventually(() => panel.locator('canvas').count()).toBe(1);
  await page.goto(at(viewPath({ ...address, head: 0 }, { figure: 'difference-from-mean' })));
  await eventually(() => page.locator('.figure-cell').count()).toBe(1);
  expect(requests).toContain(assets.meanPattern({ ...address, head: 0 }));
  expect(faults).toEqual([]);
});

it('says so where there is no mean', async () => {
  const { page } = await openPage(browser);
  await page.route(`**${FILE}`, (route) => route.fulfill({ body: '' }));
  await page.goto(at(viewPath(address, { figure: 'difference-from-mean' })));
  await eventually(() => page.locator('.plot .hint').textContent()).toContain('is not available here');
});
