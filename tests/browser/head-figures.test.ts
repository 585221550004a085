import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually, patternAt, siteIndex } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const HEAD = '/tiny-neox/L1/H2/';
const prompt = (await siteIndex()).prompts[0]?.id ?? '';
const panel = (page: Page) => page.getByRole('tabpanel');
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });

/** The head's page, scrolled to its figures. */
async function show(page: Page, path: string): Promise<void> {
  await page.goto(at(path));
  await page.getByRole('heading', { name: 'Figures', exact: true }).scrollIntoViewIfNeeded();
  await eventually(() => panel(page).getByRole('link', { name: 'Open it in View' }).count()).toBe(1);
}

describe('the figures of a head', () => {
  it('are tabs by pointer and keys, and the address keeps which', async () => {
    const { page, faults, requests } = await openPage(browser);
    await page.goto(at(`${HEAD}?prompt=${prompt}`), { waitUntil: 'networkidle' });
    expect(requests.some((path) => path.endsWith('.pack'))).toBe(false);
    await show(page, `${HEAD}?prompt=${prompt}`);
    expect(await panel(page).locator('canvas').count()).toBe(1);
    await tab(page, 'Distance profile').click();
    await eventually(() => panel(page).getByRole('img').count()).toBe(1);
    expect(new URL(page.url()).search).toBe(`?prompt=${prompt}&figure=distance-profile`);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await eventually(() => tab(page, 'Square-root scale').getAttribute('aria-selected')).toBe('true');
    expect(await tab(page, 'Square-root scale').evaluate((button) => button === document.activeElement)).toBe(
      true,
    );
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Figures', exact: true }).scrollIntoViewIfNeeded();
    await eventually(() => tab(page, 'Square-root scale').getAttribute('aria-selected')).toBe('true');
    const view = await panel(page).getByRole('link', { name: 'Open it in View' }).getAttribute('href');
    expect(view).toContain(`prompt=${prompt}&figure=square-root`);
    expect(faults).toEqual([]);
  });

  it('are saved as pictures and as numbers', async () => {
    const { page } = await openPage(browser);
    await show(page, `${HEAD}?prompt=${prompt}`);
    const save = async (kind: string) => {
      const download = page.waitForEvent('download');
      await panel(page).getByRole('button', { name: kind }).click();
      const file = await download;
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    };
    await panel(page).getByText('Save, embed, cite').click();
    const csv = await save('CSV');
    expect(csv.name).toBe(`tiny-neox-L1H2-${prompt}.csv`);
    const { pattern } = await patternAt({ model: 'tiny-neox', stack: 'self', layer: 1, head: 2, prompt });
    expect(csv.bytes.toString().trim().split('\n').length).toBeGreaterThan(pattern.rows);
    await panel(page).getByLabel('PNG size').selectOption('4');
    const png = await save('PNG');
    expect(png.name).toBe(`tiny-neox-L1H2-${prompt}@4x.png`);
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    await panel(page).getByText('Open it in Python, embed it, cite it').click();
    expect(await panel(page).getByLabel('BibTeX').inputValue()).toContain('@misc{tiny-neox-L1-H2');
  });

  it('move on with the slider over checkpoints', async () => {
    const { page, faults } = await openPage(browser);
    await show(page, `${HEAD}?prompt=${prompt}`);
    await page.getByRole('slider', { name: /^Training step/u }).focus();
    await page.keyboard.press('ArrowLeft');
    await eventually(() => page.locator('h1').textContent()).toBe('tiny-neox-step2000 L1H2');
    await page.getByRole('heading', { name: 'Figures', exact: true }).scrollIntoViewIfNeeded();
    await eventually(() =>
      page.getByRole('link', { name: 'Open it in View' }).getAttribute('href'),
    ).toContain('model=tiny-neox-step2000');
    expect(faults).toEqual([]);
  });

  it('are named and explained without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(at(HEAD));
    expect(await page.getByRole('tab').count()).toBe(0);
    await page.getByRole('link', { name: 'Distance profile' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Distance profile');
  });
});
