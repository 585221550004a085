import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from './open-site.ts';
import { violations } from './axe.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('a head of the trained model', () => {
  it('has relatives in its own model and in others, told in words, which a comparison shows side by side', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-neox/L1/H2/`);
    const relatives = page.locator('.relatives');
    const entries = relatives.getByRole('listitem');
    expect(await entries.count()).toBe(6);
    const names = await relatives.locator('.name').allInnerTexts();
    expect(names.slice(0, 3).every((name) => /^L\dH\d$/u.test(name))).toBe(true);
    expect(names.slice(3).every((name) => /^tiny-(?:gpt2|llama) L\dH\d$/u.test(name))).toBe(true);
    expect(await entries.first().innerText()).toMatch(
      /alike \(\d\.\d\d standard deviations\); they differ most in/u,
    );
    await entries.nth(3).getByRole('link', { name: 'Compare the two' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toMatch(/tiny-neox.*L1H2.*tiny-(?:gpt2|llama)/u);
    expect(faults).toEqual([]);
  });

  it('shows how its metrics moved in training, without scripts, too', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${inject('root')}tiny-neox/L1/H2/`);
    const curves = page
      .locator('.through-training')
      .getByRole('img', { name: /at step 0, .*at step 5000$/u });
    expect(await curves.count()).toBeGreaterThan(10);
    const first = (await curves.first().getAttribute('aria-label')) ?? '';
    expect(first).toMatch(/^(?:Induction|Prefix matching)/u);
    const [early = 1, late = 0] = [...first.matchAll(/(\d\.\d+) at step/gu)]
      .map(([, value]) => Number(value))
      .filter((_, at, all) => at === 0 || at === all.length - 1);
    expect(late).toBeGreaterThan(early + 0.5);
  });

  it('is accessible with both', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}tiny-neox/L1/H2/`, { waitUntil: 'networkidle' });
    expect(await violations(page)).toEqual([]);
  });
});

describe('the map of heads', () => {
  it('has a point a head, goes from one to another by keys, and opens one', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}heads/`, { waitUntil: 'networkidle' });
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    const map = page.getByRole('application');
    await map.waitFor();
    expect(await dotsIn(map.locator('path.found'))).toBe(64);
    await map.focus();
    await page.keyboard.press('ArrowDown');
    const reading = page.locator('.reading');
    const first = await reading.innerText();
    expect(first).toMatch(/^tiny-\S+ L\dH\d: induction \d\.\d\d; in the group (?:high|low|near)/u);
    await page.keyboard.press('ArrowDown');
    const second = await reading.innerText();
    expect(second).not.toBe(first);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await reading.innerText()).toBe('Point at a head to read it.');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/L\d\/H\d\/$/u);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(second.split(':')[0]);
    expect(faults).toEqual([]);
  });

  it('names the head that is pointed at, and opens it', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}heads/?show=map`);
    const map = page.getByRole('application');
    await map.waitFor();
    const place = await map
      .locator('path.found')
      .last()
      .evaluate((path) => {
        const [, x = '', y = ''] = /^M(\S+) (\S+?)a/u.exec(path.getAttribute('d') ?? '') ?? [];
        const svg = path.closest('svg')?.getBoundingClientRect() ?? new DOMRect();
        return { x: svg.x + ((Number(x) + 6) * svg.width) / 640, y: svg.y + (Number(y) * svg.height) / 640 };
      });
    await page.mouse.move(place.x, place.y);
    const named = (await page.locator('.reading').innerText()).split(':')[0] ?? '';
    expect(named).toMatch(/^tiny-\S+ L\dH\d$/u);
    await page.mouse.click(place.x, place.y);
    await page.waitForURL(/\/L\d\/H\d\/$/u);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(named);
    expect(faults).toEqual([]);
  });

  it('colours what a query finds, keeps both in the address, and fits a phone', async () => {
    const { page, faults } = await openPage(browser, {
      viewport: { width: 360, height: 800 },
      colorScheme: 'dark',
    });
    await page.goto(`${inject('root')}heads/?q=induction+>+0.2&show=map&colour=group`);
    const map = page.getByRole('application');
    await map.waitFor();
    const found = await dotsIn(map.locator('path.found'));
    expect(found).toBeGreaterThan(2);
    expect(found).toBeLessThan(30);
    expect((await dotsIn(map.locator('path.others'))) + found).toBe(64);
    await page.getByLabel('Colour by').selectOption('layer');
    await page.waitForURL(/colour=layer/u);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.getByLabel('Which heads').fill('induction > 2');
    await page.getByText('No head fits.').waitFor();
    expect(faults).toEqual([]);
  });
});

/** How many heads have a dot in these paths. */
async function dotsIn(paths: Locator): Promise<number> {
  const data = await paths.evaluateAll((each) => each.map((path) => path.getAttribute('d') ?? ''));
  return data.join('').split('M').length - 1;
}

it('a head of a model that stands alone has no curves', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
  expect(await page.getByRole('heading', { name: 'Metrics at each step' }).count()).toBe(0);
  expect(await page.locator('.relatives').getByRole('listitem').count()).toBeGreaterThan(3);
});
