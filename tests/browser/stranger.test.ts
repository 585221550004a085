import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launch, openPage, pageKinds } from './open-site.ts';
import { eventually } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it('a stranger finds the strongest induction head, sees it on two prompts side by side, and saves a figure', async () => {
  const { page, faults } = await openPage(browser);
  await page.goto(inject('root'));
  await page.getByRole('navigation').getByRole('link', { name: 'Heads', exact: true }).first().click();
  await page.getByLabel('Sort by').selectOption({ label: 'Induction' });
  const strongest = page
    .getByRole('table')
    .getByRole('link', { name: /L\dH\d/u })
    .first();
  const name = (await strongest.innerText()).trim();
  await strongest.click();
  await page.getByRole('heading', { level: 1, name: new RegExp(`${name}$`, 'u') }).waitFor();
  expect(await page.locator('.lead').first().innerText()).toMatch(/\d\.\d\d on average/u);

  await page.getByRole('main').getByRole('link', { name: 'Compare', exact: true }).click();
  const panes = page.getByRole('article');
  await eventually(() => page.getByRole('button', { name: 'Add a pane' }).isEnabled()).toBe(true);
  if ((await panes.count()) === 1) {
    await page.getByText('Change', { exact: true }).click();
    await page.getByRole('button', { name: 'Duplicate' }).click();
  }
  await eventually(() => panes.count()).toBe(2);
  const second = panes.nth(1);
  if (!(await second.getByLabel('Prompt').isVisible()))
    await second.getByText('Change', { exact: true }).click();
  const before = await second.locator('p.prompt').innerText();
  await second.getByLabel('Prompt').selectOption({ index: 1 });
  if ((await second.locator('p.prompt').innerText()) === before)
    await second.getByLabel('Prompt').selectOption({ index: 2 });
  await eventually(() => second.locator('p.prompt').innerText()).not.toBe(before);
  await eventually(() => page.getByRole('application').count()).toBe(2);
  for (const pane of [0, 1]) expect(await panes.nth(pane).getByRole('heading').innerText()).toContain(name);

  await panes.first().getByRole('heading').getByRole('link').click();
  await page.waitForURL(/\/view\//u);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'SVG', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toContain(`${name}-`);
  expect((await readFile(await file.path())).toString()).toContain('<text');
  expect(faults).toEqual([]);
});

const KINDS = ['home', 'model', 'head', 'prompt', 'view', 'compare', 'heads', 'search', 'about'];

it.each(KINDS)('%s works with forced colours, less motion, and text of twice the size', async (kind) => {
  const path = new Map(await pageKinds()).get(kind);
  const { page, faults } = await openPage(browser, {
    forcedColors: 'active',
    reducedMotion: 'reduce',
    // 200 % of a window of 1,280 x 1,024 pixels (WCAG 2.2, 1.4.4).
    viewport: { width: 640, height: 512 },
    deviceScaleFactor: 2,
  });
  await page.goto(`${inject('root')}${path ?? ''}`, { waitUntil: 'networkidle' });
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways).toBeLessThanOrEqual(0);
  const moving = await page.evaluate(
    () => document.getAnimations().filter((animation) => animation.playState === 'running').length,
  );
  expect(moving).toBe(0);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return undefined;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return outlineStyle === 'none' ? 'none' : outlineWidth;
  });
  expect(outline).toMatch(/^[1-9]/u);
  expect(faults).toEqual([]);
});

it('the focus goes through a head’s page in the order of what one reads', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`, { waitUntil: 'networkidle' });
  const places: { top: number; left: number; label: string }[] = [];
  for (let step = 0; step < 24; step++) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return undefined;
      const { top, left } = focused.getBoundingClientRect();
      return {
        top: top + scrollY,
        left: left + scrollX,
        label: focused.textContent.trim().slice(0, 30),
      };
    });
    if (place !== undefined) places.push(place);
  }
  expect(places[0]?.label).toMatch(/^Skip/u);
  expect(places.length).toBe(24);
  // From the breadcrumb on, nothing that is focused stands clearly above what was focused before it.
  const crumbs = places.findIndex(
    ({ label }) => label === 'Models' && places.some((other) => other.label === 'tiny-gpt2'),
  );
  const body = places.slice(Math.max(1, crumbs));
  for (const [at, place] of body.entries()) {
    const earlier = body[at - 1];
    if (earlier !== undefined)
      expect([place.label, place.top]).toEqual([
        place.label,
        expect.toSatisfy((top: number) => top > earlier.top - 60),
      ]);
  }
});
