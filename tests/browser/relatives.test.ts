import type { Browser } from 'playwright-core';
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

it('a head of a model that stands alone has no curves', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
  expect(await page.getByRole('heading', { name: 'Metrics at each step' }).count()).toBe(0);
  expect(await page.locator('.relatives').getByRole('listitem').count()).toBeGreaterThan(3);
});
