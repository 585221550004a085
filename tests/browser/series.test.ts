import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually, siteIndex } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const prompts = (await siteIndex()).prompts.map(({ id }) => id);
const heading = (page: Page) => page.locator('h1').textContent();
const slider = (page: Page) => page.getByRole('slider', { name: /^Training step/u });

describe('the slider over checkpoints', () => {
  it('shows the same head of another step by keys, and keeps prompt, focus and address', async () => {
    const { page, faults } = await openPage(browser);
    const prompt = prompts[5] ?? '';
    await page.goto(`${at('/tiny-neox/L1/H2/')}?prompt=${prompt}`);
    await eventually(() => page.locator('.head-plate svg').getAttribute('data-prompt')).toBe(prompt);
    const before = await page.locator('.head-plate image').getAttribute('href');
    await slider(page).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => heading(page)).toBe('tiny-neox-step1000 L1H2');
    const url = new URL(page.url());
    expect(url.pathname).toBe('/tiny-neox-step1000/L1/H2/');
    expect(url.searchParams.get('prompt')).toBe(prompt);
    expect(await page.locator('.head-plate svg').getAttribute('data-prompt')).toBe(prompt);
    expect(await page.locator('.head-plate image').getAttribute('href')).not.toBe(before);
    expect(await slider(page).evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('step 1,000, 4 of 6');
    expect(await page.title()).toContain('tiny-neox-step1000 L1H2');
    expect(await page.getByRole('link', { name: 'View one pattern' }).getAttribute('href')).toContain(prompt);
    expect(await page.locator('.steps a[aria-current]').allTextContents()).toHaveLength(1);
    expect(await violations(page)).toEqual([]);
    await page.reload();
    expect(await heading(page)).toBe('tiny-neox-step1000 L1H2');
    await eventually(() => page.locator('.head-plate svg').getAttribute('data-prompt')).toBe(prompt);
    expect(faults).toEqual([]);
  });

  it('keeps the prompt that a head page chose by itself', async () => {
    const { page } = await openPage(browser);
    await page.goto(at('/tiny-neox-step500/L0/H1/'));
    const prompt = (await page.locator('.head-plate svg').getAttribute('data-prompt')) ?? '';
    await slider(page).focus();
    await page.keyboard.press('Home');
    await eventually(() => heading(page)).toBe('tiny-neox-step0 L0H1');
    expect(await page.locator('.head-plate svg').getAttribute('data-prompt')).toBe(prompt);
    expect(new URL(page.url()).searchParams.get('prompt')).toBe(prompt);
  });

  it('keeps the prompt and the colours of a model page, which can be changed on', async () => {
    const { page, faults } = await openPage(browser);
    const prompt = prompts[3] ?? '';
    await page.goto(`${at('/tiny-neox/')}?prompt=${prompt}&colour=induction`);
    await slider(page).focus();
    await page.keyboard.press('ArrowLeft');
    await eventually(() => heading(page)).toBe('tiny-neox-step2000');
    await eventually(() => page.locator('.model-grid').getAttribute('data-prompt')).toBe(prompt);
    expect(await page.locator('.model-grid').getAttribute('data-model')).toBe('tiny-neox-step2000');
    expect(await page.locator('.model-grid .swatch').first().isVisible()).toBe(true);
    await page.locator('#grid-prompt').selectOption(prompts[4] ?? '');
    await eventually(() => page.locator('.model-grid').getAttribute('data-prompt')).toBe(prompts[4]);
    expect(new URL(page.url()).pathname).toBe('/tiny-neox-step2000/');
    expect(faults).toEqual([]);
  });

  it('goes on from layer to layer page, and its steps are links without scripts', async () => {
    const { page } = await openPage(browser);
    await page.goto(at('/tiny-neox/L1/'));
    await page.locator('.steps').getByRole('link', { name: '250', exact: true }).click();
    await eventually(() => heading(page)).toContain('tiny-neox-step250');
    expect(await slider(page).inputValue()).toBe('1');
    const still = await openPage(browser, { javaScriptEnabled: false });
    await still.page.goto(at('/tiny-neox/L1/'));
    expect(await still.page.locator('.steps input').isVisible()).toBe(false);
    await still.page.locator('.steps').getByRole('link', { name: '250', exact: true }).click();
    expect(await heading(still.page)).toContain('tiny-neox-step250');
  });
});
