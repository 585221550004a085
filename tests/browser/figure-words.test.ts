import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gramMatrix } from '../../src/core/figures/gram-matrix.ts';
import { formatNumber } from '../../src/core/view/cell-value.ts';
import { tokenLabel } from '../../src/core/view/token-marks.ts';
import { comparePath, viewPath } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { at, cellPoint, eventually, patternAt, someAddress } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const address = await someAddress();

async function pointAt(page: Page, plot: number, row: number, column: number, n: number): Promise<void> {
  await page.mouse.move(...(await cellPoint(page.locator('canvas').nth(plot), [row, column], n)));
}

/** What a page says of a cell of the Gram matrix of `head`. */
async function gramWords(head: number, row: number, column: number): Promise<string> {
  const { pattern, pack } = await patternAt({ ...address, head });
  const value = gramMatrix.draw({ pattern }).values[row * pattern.rows + column] ?? NaN;
  const token = (place: number) => `“${tokenLabel(pack.header.tokens[place] ?? '', 24)}” (${place})`;
  return `query ${token(row)}, query ${token(column)}: ${formatNumber(Number(value.toPrecision(4)))}`;
}

describe('a figure whose columns are no keys', () => {
  it('names the tokens and the value under the pointer in View', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
    const { pattern } = await patternAt(address);
    await page.goto(at(viewPath(address, { figure: 'gram-matrix' })));
    await eventually(() => page.locator('.heatmap .title.key').textContent()).toBe('query →');
    await pointAt(page, 0, 7, 12, pattern.rows);
    const expected = await gramWords(address.head, 7, 12);
    await eventually(async () => (await page.locator('.figure-cell').textContent())?.trim()).toBe(expected);
    // The pattern's own readout goes by the row.
    expect(await page.locator('.readout').first().textContent()).toContain('(7)');
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('is drawn in every pane of a comparison, and kept in the address', async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
    const { pattern } = await patternAt(address);
    await page.goto(at(comparePath([address, { ...address, head: 0 }], { difference: true })));
    await eventually(() => page.locator('canvas').count()).toBe(3);
    await page.getByLabel('Figure', { exact: true }).selectOption('gram-matrix');
    await eventually(() => page.locator('canvas').count()).toBe(2);
    expect(await page.locator('.toggle').textContent()).toContain('choose the figure “Pattern”');
    await pointAt(page, 0, 7, 12, pattern.rows);
    for (const [pane, head] of [address.head, 0].entries()) {
      const expected = await gramWords(head, 7, 12);
      await eventually(async () =>
        (await page.locator('article').nth(pane).locator('.readout').textContent())?.trim(),
      ).toBe(expected);
    }
    await eventually(() => new URL(page.url()).searchParams.get('figure')).toBe('gram-matrix');
    await page.getByLabel('Figure', { exact: true }).selectOption('distance-profile');
    await eventually(() => page.locator('article img').count()).toBe(2);
    await eventually(() => new URL(page.url()).searchParams.get('figure')).toBe('distance-profile');
    await page.reload();
    await eventually(() => page.locator('article img').count()).toBe(2);
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});
