import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage, pageKinds, type Watched } from './open-site.ts';

const kinds = await pageKinds();
let browser: Browser;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  watched = await openPage(browser);
  page = watched.page;
  return () => page.context().close();
});

const sheet = () => page.getByRole('dialog', { name: 'Keys' });

describe('the list of keys', () => {
  it.each(kinds)('opens by ? on %s', async (_, path) => {
    await page.goto(`${inject('root')}${path}`);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    expect(await sheet().isVisible()).toBe(true);
    expect(await sheet().getByText('this list').isVisible()).toBe(true);
    expect(watched.faults).toEqual([]);
  });

  it('keeps the focus in it, gives it back, and is accessible', async () => {
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
    const opener = page.getByRole('button', { name: 'Keys ?' });
    await opener.click();
    expect(await violations(page)).toEqual([]);
    const places = new Set<string>();
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab');
      places.add(
        await page.evaluate(() => {
          const { activeElement } = document;
          // The browser's own controls come between the last and the first.
          return activeElement === document.body || activeElement?.closest('dialog') != null ? 'in' : 'out';
        }),
      );
    }
    expect([...places]).toEqual(['in']);
    await page.keyboard.press('Escape');
    expect(await sheet().count()).toBe(0);
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('lists what the page answers to', async () => {
    await page.goto(`${inject('root')}view/`);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    expect(await sheet().getByText('next layer').isVisible()).toBe(true);
    await page.goto(`${inject('root')}compare/`);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    expect(await sheet().getByText('behind its neighbour').isVisible()).toBe(true);
  });

  it('stays closed where one writes, and where single keys are turned off', async () => {
    await page.goto(inject('root'));
    await page.getByRole('searchbox').press('?');
    expect(await page.getByRole('searchbox').inputValue()).toBe('?');
    expect(await sheet().count()).toBe(0);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await sheet().getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await sheet().count()).toBe(0);
    await page.reload();
    await page.locator('h1').click();
    await page.keyboard.press('?');
    expect(await sheet().count()).toBe(0);
  });
});
