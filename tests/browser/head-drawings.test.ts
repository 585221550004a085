import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assets, paths } from '../../src/schema/urls.ts';
import { viewPath } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually, someAddress } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const address = await someAddress();
const FILE = assets.headFigure('token-pairs', address);

it('leads from View to the tab of the head’s page, which shows the drawing of all prompts', async () => {
  const { page, faults, requests } = await openPage(browser);
  await page.goto(at(viewPath(address)), { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: 'Token pairs' }).click();
  await page.waitForURL((url) => url.pathname.endsWith(paths.head(address)));
  await page.getByRole('heading', { name: 'Figures', exact: true }).scrollIntoViewIfNeeded();
  const picture = page.getByRole('tabpanel', { name: 'Token pairs' }).getByRole('img');
  await eventually(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0)).toBe(
    true,
  );
  expect(requests).toContain(FILE);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Pattern', exact: true }).click();
  await eventually(() => page.getByRole('tabpanel').locator('canvas').count()).toBe(1);
  expect(new URL(page.url()).search).toBe('');
  expect(faults).toEqual([]);
});

it('shows the drawing without scripts, on the head’s page and on the figure’s', async () => {
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  for (const path of [paths.head(address), paths.figure('token-pairs')]) {
    await page.goto(at(path));
    const picture = page.getByRole('img', { name: /^Token pairs of / });
    await picture.scrollIntoViewIfNeeded();
    expect(await picture.isVisible()).toBe(true);
    const { status } = await fetch(new URL((await picture.getAttribute('src')) ?? '', at(path)));
    expect(status).toBe(200);
  }
});
