import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHeadColumns } from '../../src/core/query/head-columns.ts';
import { rankColumn } from '../../src/core/query/rank-column.ts';
import { assets, paths } from '../../src/schema/urls.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually, siteIndex } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const prompt = (await siteIndex()).prompts[0]?.id ?? '';
const names = (page: Page) => page.locator('.rank-list .name').allTextContents();

/** The names of all heads on the prompt in order, read from the file without the page. */
async function rankedNames(metric: string, isAscending: boolean): Promise<string[]> {
  const response = await fetch(at(assets.promptColumns(prompt)));
  const columns = decodeHeadColumns(new Uint8Array(await response.arrayBuffer()));
  const values = columns.metrics.get(metric) ?? new Float32Array();
  return rankColumn(values, isAscending).map((head) => {
    const model = columns.models[columns.model[head] ?? -1]?.name ?? '';
    return `${model} L${String(columns.layer[head])}H${String(columns.head[head])}`;
  });
}

describe('the heads on a prompt', () => {
  it('are ranked by a chosen metric and order, which the address keeps', async () => {
    const { page, faults, requests } = await openPage(browser);
    await page.goto(at(paths.prompt(prompt)), { waitUntil: 'networkidle' });
    expect(requests.some((path) => path.endsWith('heads.bin'))).toBe(false);
    expect(await names(page)).toEqual((await rankedNames('induction', false)).slice(0, 24));
    await page.getByLabel('Metric', { exact: true }).selectOption('entropy');
    const expected = await rankedNames('entropy', false);
    await eventually(() => names(page)).toEqual(expected.slice(0, 24));
    await page.getByLabel('Order').selectOption('ascending');
    await eventually(() => names(page)).toEqual((await rankedNames('entropy', true)).slice(0, 24));
    expect(new URL(page.url()).search).toBe('?metric=entropy&order=ascending');
    await page.reload();
    await eventually(() => names(page)).toEqual((await rankedNames('entropy', true)).slice(0, 24));
    expect(await page.locator('.ranked-by').textContent()).toBe('Entropy');
    expect(faults).toEqual([]);
  });

  it('grow by a button, which leaves the focus at the first new one', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${at(paths.prompt(prompt))}?metric=first-token`);
    const expected = await rankedNames('first-token', false);
    await eventually(() => names(page)).toEqual(expected.slice(0, 24));
    await page.getByRole('button', { name: 'Show more' }).click();
    await eventually(() => names(page)).toEqual(expected.slice(0, 72));
    expect(await page.locator('.rank-list li:has(a:focus) .rank').textContent()).toBe('25');
    expect(await page.getByRole('button', { name: 'Show more' }).isVisible()).toBe(expected.length > 72);
    const href = await page.locator('.rank-list li:nth-child(30) a').getAttribute('href');
    expect(href).toContain(`prompt=${prompt}`);
    expect(faults).toEqual([]);
  });

  it('are listed by the best known metric without scripts, and say when values cannot be fetched', async () => {
    const still = await openPage(browser, { javaScriptEnabled: false });
    await still.page.goto(at(paths.prompt(prompt)));
    expect(await names(still.page)).toHaveLength(24);
    expect(await still.page.getByLabel('Metric', { exact: true }).isVisible()).toBe(false);
    const { page } = await openPage(browser);
    await page.route('**/heads.bin', (route) => route.abort());
    await page.goto(`${at(paths.prompt(prompt))}?metric=no-such-metric`);
    expect(await names(page)).toHaveLength(24);
    await page.getByLabel('Metric', { exact: true }).selectOption('entropy');
    await eventually(() => page.getByText('could not be fetched').isVisible()).toBe(true);
    await page.unroute('**/heads.bin');
    await page.getByLabel('Order').selectOption('ascending');
    const expected = await rankedNames('entropy', true);
    await eventually(() => names(page)).toEqual(expected.slice(0, 24));
    expect(await page.getByText('could not be fetched').isVisible()).toBe(false);
  });
});
