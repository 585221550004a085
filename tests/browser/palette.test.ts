import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { eventually } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('the palette', () => {
  it('opens by / and by Ctrl+K, leads to a head by its coordinates, and fetches nothing before', async () => {
    const { page, faults, requests } = await openPage(browser);
    await page.goto(`${inject('below')}about/`, { waitUntil: 'networkidle' });
    expect(requests.filter((path) => /index\.json|pages\.json|palette\./u.test(path))).toEqual([]);
    await page.keyboard.press('Control+K');
    const input = page.getByRole('combobox', { name: 'Find a page or a command' });
    await input.waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('dialog[open]').count()).toBe(0);
    await page.keyboard.press('/');
    await input.fill('gpt2 L1H2');
    await page.getByRole('option', { name: 'tiny-gpt2 L1H2 head' }).waitFor();
    expect(await page.getByRole('option', { selected: true }).textContent()).toContain('tiny-gpt2 L1H2');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/pattern-atlas\/tiny-gpt2\/L1\/H2\/$/u);
    expect(faults).toEqual([]);
  });

  it('moves by arrows, does what is asked, and searches the texts of prompts', async () => {
    const { page } = await openPage(browser, { colorScheme: 'light' });
    await page.goto(inject('root'));
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('combobox').fill('theme');
    await page.getByRole('option', { name: 'Dark theme' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('combobox').fill('lamp');
    await page.getByRole('option', { name: 'Search the texts' }).waitFor();
    await page.keyboard.press('ArrowUp'); // from the first to the last
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\/\?q=lamp$/u);
  });

  it('leaves / to a field that takes text', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}search/`);
    await page.locator('#query').pressSequentially('a/b');
    expect(await page.locator('#query').inputValue()).toBe('a/b');
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  it('says so when its list cannot be fetched, and tries again', async () => {
    const { page } = await openPage(browser);
    await page.route('**/generated/index.json', (route) => route.abort());
    await page.goto(inject('root'));
    await page.keyboard.press('/');
    await expect
      .poll(() => page.locator('.palette [role="status"]').textContent())
      .toContain('could not be fetched');
    await page.unroute('**/generated/index.json');
    await page.getByRole('combobox').fill('induction');
    await page.getByRole('option', { name: 'Induction' }).first().waitFor();
  });
});
