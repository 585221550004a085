import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cellError, cellValue, formatCell } from '../../src/core/view/cell-value.ts';
import { meanTotalVariation } from '../../src/core/view/difference.ts';
import type { SiteIndex } from '../../src/schema/site-index.ts';
import { comparePath, MOST_PANES, parseCompare, type PatternAddress } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { at, cellPoint, eventually, patternAt, siteIndex, someAddress } from './patterns.ts';

let browser: Browser;
let index: SiteIndex;
let first: PatternAddress;
let second: PatternAddress;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  index = await siteIndex();
  first = await someAddress();
  second = { ...first, model: 'tiny-neox', head: 0 };
});
afterAll(() => browser.close());
beforeEach(async () => {
  watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  page = watched.page;
  return () => page.context().close();
});

async function show(...parameters: Parameters<typeof comparePath>): Promise<void> {
  await page.goto(at(comparePath(...parameters)));
  await eventually(() => page.locator('canvas').count()).toBe(parameters[0].length);
}

const pane = (number: number) => page.locator('article').nth(number - 1);
const state = () => parseCompare(new URL(page.url()).search);
const names = () => page.locator('article h2').allTextContents();
const text = async (number: number) =>
  (await pane(number).locator('p.readout').textContent())?.replace(/\s+/gu, ' ');

async function pointAt(number: number, query: number, key: number, n: number): Promise<void> {
  await page.mouse.move(...(await cellPoint(pane(number).locator('canvas'), [query, key], n)));
}

describe('panes on the same tokens', () => {
  it('show the cell under the pointer in each, with the value of each', async () => {
    const both = await Promise.all([first, second].map(patternAt));
    await show([first, second]);
    await pointAt(1, 12, 5, both[0]?.pattern.rows ?? 0);
    for (const [index, { pattern, pack }] of both.entries()) {
      const value = cellValue(pattern, { query: 12, key: 5 }) ?? -1;
      const words = formatCell(value, cellError(pack.header.precision, pack.header.maxError, value));
      await eventually(() => text(index + 1)).toMatch(/\(12\) → key .+\(5\)/u);
      expect(await text(index + 1)).toContain(`${words.value} ± ${words.error}`);
    }
    expect(await page.locator('header p').first().textContent()).toContain('All panes show the same');
    expect(watched.faults).toEqual([]);
  });

  it('share pin and zoom, also by keys', async () => {
    await show([first, second]);
    await page.getByRole('application').nth(1).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.press('+');
    const { rows } = (await patternAt(first)).pattern;
    await eventually(() => state().display.pin).toEqual({ query: rows - 1, key: rows - 1 });
    const { zoom } = state().display;
    expect(zoom).toBeDefined();
    const labels = (number: number) => pane(number).locator('.queries text').allTextContents();
    const zoomed = await labels(1);
    expect(zoomed.length).toBeGreaterThan(0);
    expect(await labels(2)).toEqual(zoomed);
    await page.reload();
    await eventually(() => labels(1)).toEqual(zoomed);
    await eventually(() => labels(2)).toEqual(zoomed);
    expect(state().display.zoom).toEqual(zoom);
  });

  it('differ by the distance that their values have', async () => {
    const [a, b] = await Promise.all([first, second].map(patternAt));
    if (a === undefined || b === undefined) throw new Error('Both packs are there');
    const { distance, error } = meanTotalVariation(
      { pattern: a.pattern, ...a.pack.header },
      { pattern: b.pattern, ...b.pack.header },
    );
    const words = formatCell(distance, error);
    await show([first, second]);
    await page.getByLabel('Show the difference').check();
    await expect
      .poll(() => page.locator('.distance').textContent())
      .toMatch(new RegExp(`${words.value}\\s+± ${words.error}\\s+apart`, 'u'));
    await eventually(() => state().display.difference).toBe(true);
    await pointAt(3, 12, 5, a.pattern.rows);
    const cell = { query: 12, key: 5 };
    const value = (cellValue(b.pattern, cell) ?? 0) - (cellValue(a.pattern, cell) ?? 0);
    await eventually(() => page.locator('.cell').textContent()).toContain(`(12) → key`);
    const said = /: ([+−]?)([\d.]+) ±/u.exec((await page.locator('.cell').textContent()) ?? '');
    expect(Number(`${said?.[1] === '−' ? '-' : ''}${said?.[2]}`)).toBeCloseTo(value, 3);
    expect(watched.faults).toEqual([]);
  });
});

describe('panes on other tokens', () => {
  it('say so, follow by position, and have no difference', async () => {
    const other = index.prompts.find(({ id }) => id !== first.prompt)?.id ?? '';
    const [long, short] = await Promise.all([first, { ...first, prompt: other }].map(patternAt));
    await show([first, { ...first, prompt: other }]);
    await expect
      .poll(() => page.locator('header p').first().textContent())
      .toMatch(/by position\. Pane 2 has other tokens/u);
    expect(await page.getByLabel('Show the difference').isDisabled()).toBe(true);
    const larger = (long?.pattern.rows ?? 0) > (short?.pattern.rows ?? 0) ? 1 : 2;
    const rows = Math.max(long?.pattern.rows ?? 0, short?.pattern.rows ?? 0);
    const least = Math.min(long?.pattern.rows ?? 0, short?.pattern.rows ?? 0);
    await pointAt(larger, rows - 1, 0, rows);
    await eventually(() => text(larger)).toContain(`(${rows - 1}) → key`);
    expect(await text(3 - larger)).toContain(`(${least - 1}) → key`);
    expect(watched.faults).toEqual([]);
  });
});

describe('panes', () => {
  it('are added, duplicated, moved and removed, and back undoes it', async () => {
    await show([first, second]);
    await eventually(() => page.getByRole('button', { name: 'Add a pane' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Add a pane' }).click();
    await eventually(names).toHaveLength(3);
    expect((await names())[2]).toContain('tiny-neox L1H1');
    await pane(1).locator('summary').click();
    await pane(1).getByRole('button', { name: 'Move behind' }).click();
    await expect
      .poll(async () => (await names()).map((name) => name.replace(/\s+/gu, ' ').trim()))
      .toEqual(['1 tiny-neox L1H0', '2 tiny-gpt2 L1H2', '3 tiny-neox L1H1']);
    await pane(2).getByRole('button', { name: 'Duplicate' }).click();
    await eventually(names).toHaveLength(4);
    expect(state().panes.map(({ model, head }) => `${model} ${head}`)).toEqual([
      'tiny-neox 0',
      'tiny-gpt2 2',
      'tiny-gpt2 2',
      'tiny-neox 1',
    ]);
    await pane(3).locator('summary').click();
    await pane(3).getByRole('button', { name: 'Remove' }).click();
    await eventually(names).toHaveLength(3);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('tiny-neox L1H1');
    await page.goBack();
    await eventually(names).toHaveLength(4);
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await eventually(names).toHaveLength(2);
    expect(state().panes).toEqual([first, second]);
    expect(watched.faults).toEqual([]);
  });

  it('are six at most', async () => {
    await show(Array.from({ length: MOST_PANES }, () => first));
    expect(await page.getByRole('button', { name: 'Add a pane' }).isDisabled()).toBe(true);
    expect(watched.requests.filter((path) => path.endsWith('.pack'))).toHaveLength(1);
    await page.goto(at(comparePath(Array.from({ length: MOST_PANES + 2 }, () => first))));
    await eventually(() => page.locator('.notes').textContent()).toContain('the first 6 are shown');
  });

  it('change their pattern, by pickers and by keys, each its own', async () => {
    await show([first, second]);
    await pane(2).locator('summary').click();
    await pane(2).getByLabel('Head').selectOption('3');
    await eventually(() => state().panes[1]?.head).toBe(3);
    await page.getByRole('application').first().focus();
    await page.keyboard.press('Shift+L');
    await eventually(() => state().panes[0]?.layer).toBe(0);
    expect(state().panes[1]).toEqual({ ...second, head: 3 });
    expect(watched.faults).toEqual([]);
  });

  it('that cannot be shown leave the others alone', async () => {
    await page.goto(at(comparePath([first, { ...first, model: 'none' }])));
    await eventually(() => pane(2).getByRole('alert').textContent()).toContain('There is no model “none”');
    expect(await pane(1).locator('canvas').count()).toBe(1);
    await page.goto(`${at(comparePath([first, second]))}&pane=half`);
    await eventually(() => page.locator('.notes').textContent()).toContain('“pane=half”');
    await eventually(() => page.locator('canvas').count()).toBe(2);
  });

  it('are chosen by the page where the address names none', async () => {
    await page.goto(at('/compare/'));
    await eventually(() => page.locator('canvas').count()).toBe(2);
    await eventually(() => state().panes.map(({ head }) => head)).toEqual([0, 1]);
    expect(watched.faults).toEqual([]);
  });

  it('stand below each other on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await show([first, second]);
    const [upper, lower] = await Promise.all([pane(1).boundingBox(), pane(2).boundingBox()]);
    expect(lower?.y).toBeGreaterThan((upper?.y ?? 0) + (upper?.height ?? 0));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('a difference, open pickers and a pane that failed keep to the rules of accessibility', async () => {
    await page.emulateMedia({ colorScheme });
    await page.goto(at(comparePath([first, second, { ...first, model: 'none' }], { difference: true })));
    await eventually(() => page.locator('canvas').count()).toBe(3);
    await eventually(() => page.getByRole('alert').textContent()).toContain('no model “none”');
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
  });
});
