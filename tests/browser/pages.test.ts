import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violations } from './axe.ts';
import { launch, openPage, pageKinds } from './open-site.ts';

const kinds = await pageKinds();
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  describe.each([1440, 360])('at %i pixels', (width) => {
    it.each(kinds)('%s is without faults, violations and sideways scrolling', async (_, path) => {
      const { page, faults } = await openPage(browser, { colorScheme, viewport: { width, height: 900 } });
      await page.goto(`${inject('root')}${path}`, { waitUntil: 'networkidle' });
      expect(await violations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });
});

describe('below a base path', () => {
  it.each(kinds)('%s is without faults, and its links stay below', async (_, path) => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('below')}${path}`, { waitUntil: 'networkidle' });
    const links = await page.$$eval('a[href^="/"]', (anchors) =>
      anchors.map((anchor) => anchor.getAttribute('href') ?? ''),
    );
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((href) => !href.startsWith('/pattern-atlas/'))).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('every page', () => {
  it.each(kinds)('%s carries a strict policy, and no inline style', async (_, path) => {
    const html = await (await fetch(`${inject('root')}${path}`)).text();
    const policy = /http-equiv="content-security-policy" content="([^"]*)"/u.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy.includes('wasm-unsafe-eval')).toBe(path.startsWith('search/'));
    expect(html).not.toMatch(/<[^>]+\sstyle="/u);
  });

  it('answers a wrong address with the page for it', async () => {
    const response = await fetch(`${inject('root')}no-such-model/`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('There is no page at this address');
  });
});

describe('without scripts', () => {
  it('a head page shows its patterns, metrics and links', async () => {
    const { page, faults } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${inject('root')}tiny-gpt2/L1/H2/`);
    expect(await page.locator('.tiles svg image').count()).toBeGreaterThanOrEqual(60);
    expect(await page.locator('table:visible tbody tr').count()).toBe(6);
    expect(await page.locator('details table tbody tr').count()).toBeGreaterThan(18);
    expect(await page.getByRole('link', { name: 'View one pattern' }).count()).toBe(1);
    // The scripts that the page's head names are refused, as scripts are.
    expect(faults.filter((fault) => !fault.endsWith('.js failed: csp'))).toEqual([]);
  });

  it('the search page leads to the list of prompts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${inject('root')}search/`);
    await page.getByRole('link', { name: 'all prompts are listed' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Prompts');
  });
});
