import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenPlacesFile } from '../../src/schema/token-places.ts';
import { assets } from '../../src/schema/urls.ts';
import { comparePath, parseCompare } from '../../src/schema/view-state.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { at, cellPoint, eventually, madeUpPack, siteIndex } from './patterns.ts';

/** One text of 48 characters as 24 tokens and as 12, each cut into equal parts. */
const FINE = 24;
const COARSE = 12;
const prompt = (await siteIndex()).prompts[0]?.id ?? '';
const equalParts = (count: number, size: number) =>
  Array.from({ length: count }, (_, index): [number, number] => [index * size, (index + 1) * size]);
const places: TokenPlacesFile = [
  { models: ['tiny-gpt2'], offsets: equalParts(FINE, 2) },
  { models: ['tiny-neox'], offsets: equalParts(COARSE, 4) },
];
const panes = ['tiny-gpt2', 'tiny-neox'].map((model) => ({
  model,
  stack: 'self' as const,
  layer: 0,
  head: 0,
  prompt,
}));

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** `/compare/` with both cuts of the text, and with the file of where their tokens lie, or none. */
async function open(
  file: TokenPlacesFile,
  display: Parameters<typeof comparePath>[1] = {},
): Promise<Watched> {
  const watched = await openPage(browser, { viewport: { width: 1440, height: 1000 } });
  const { page } = watched;
  for (const [model, n] of [
    ['tiny-gpt2', FINE],
    ['tiny-neox', COARSE],
  ] as const) {
    await page.route(`**${assets.pack(model, prompt)}`, (route) =>
      route.fulfill({ body: madeUpPack(model, prompt, n) }),
    );
  }
  await page.route(`**${assets.tokenPlaces(prompt)}`, (route) => route.fulfill({ json: file }));
  await page.goto(at(comparePath(panes, display)));
  await eventually(() => page.locator('canvas').count()).toBe(2);
  return watched;
}

const text = (page: Page, number: number) =>
  page
    .locator('article')
    .nth(number - 1)
    .locator('p.readout')
    .textContent();
const said = (page: Page) => page.locator('.compare > header p').textContent();

async function pointAt(page: Page, number: number, query: number, key: number, n: number): Promise<void> {
  const canvas = page
    .locator('article')
    .nth(number - 1)
    .locator('canvas');
  await page.mouse.move(...(await cellPoint(canvas, [query, key], n)));
}

describe('panes with different tokens of one text', () => {
  it('follow the pointer by characters, each way', async () => {
    const { page, faults } = await open(places);
    await eventually(() => said(page)).toContain('follow its characters');
    await pointAt(page, 1, 21, 8, FINE);
    await eventually(() => text(page, 1)).toMatch(/\(21\)[^]+\(8\)/u);
    expect(await text(page, 2)).toMatch(/\(10\)[^]+\(4\)/u);
    await pointAt(page, 2, 9, 2, COARSE);
    await eventually(() => text(page, 2)).toMatch(/\(9\)[^]+\(2\)/u);
    expect(await text(page, 1)).toMatch(/\(18\)[^]+\(4\)/u);
    expect(faults).toEqual([]);
  });

  it('keep a pin in the address as it is in the larger pane', async () => {
    const { page } = await open(places);
    await eventually(() => said(page)).toContain('follow its characters');
    await pointAt(page, 2, 9, 2, COARSE);
    await page.mouse.down();
    await page.mouse.up();
    await eventually(() => parseCompare(new URL(page.url()).search).display.pin).toEqual({
      query: 18,
      key: 4,
    });
    await page.mouse.move(0, 0);
    expect(await text(page, 2)).toMatch(/\(9\)[^]+\(2\)/u);
  });

  it('zoom to the same characters', async () => {
    const { page } = await open(places, { zoom: { queries: [12, 17], keys: [12, 17] } });
    await eventually(() => said(page)).toContain('follow its characters');
    // What is at the corner of each shows where its window begins.
    await pointAt(page, 1, 0, 0, 6);
    await eventually(() => text(page, 1)).toMatch(/\(12\)[^]+\(12\)/u);
    await pointAt(page, 2, 0, 0, 3);
    await eventually(() => text(page, 2)).toMatch(/\(6\)[^]+\(6\)/u);
    expect(await text(page, 1)).toMatch(/\(12\)[^]+\(12\)/u);
  });

  it('refuse a difference, and say why', async () => {
    const { page } = await open(places, { difference: true });
    await eventually(() => page.locator('.toggle').textContent()).toContain('different tokens');
    expect(await page.getByRole('checkbox').isDisabled()).toBe(true);
    expect(await page.locator('article').count()).toBe(2);
  });

  it('go by position where their places are not known, and say so', async () => {
    const { page } = await open([]);
    await eventually(() => said(page)).toContain('It is not known where their tokens lie');
    await pointAt(page, 1, 9, 8, FINE);
    await eventually(() => text(page, 1)).toMatch(/\(9\)[^]+\(8\)/u);
    expect(await text(page, 2)).toMatch(/\(9\)[^]+\(8\)/u);
  });
});
