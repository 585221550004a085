import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violations } from './axe.ts';
import { liveOfferOf } from './live-page.ts';
import { launch, openPage } from './open-site.ts';
import { eventually, patternAt, siteIndex } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const HEAVY = /\.wasm$|\/generated\/live\/|live-worker/u;

async function start(page: Page, text: string): Promise<void> {
  await page.getByLabel('Text', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'What comes next' }).waitFor();
}

/** The tokens that the page shows, as a visitor reads them. */
function tokens(page: Page): Promise<string[]> {
  return page.$$eval('[data-token]', (spans) => spans.map((span) => span.textContent));
}

/** The exact attention that the readout shows. */
async function readout(page: Page): Promise<number> {
  return Number(await page.locator('.readout data').getAttribute('value'));
}

describe('the page /live/', () => {
  it('fetches nothing to run models before a visitor starts one', async () => {
    const { page, requests, faults } = await openPage(browser);
    await page.goto(`${inject('root')}live/#text=The+cat+sat`, { waitUntil: 'networkidle' });
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('The cat sat');
    expect(requests.filter((path) => HEAVY.test(path))).toEqual([]);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'What comes next' }).waitFor();
    expect(requests.filter((path) => HEAVY.test(path)).length).toBeGreaterThan(3);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows what the atlas stored for the same text, as one types', async () => {
    const { page, faults } = await openPage(browser);
    const prompt = (await siteIndex()).prompts[0]?.id ?? '';
    await page.goto(`${inject('root')}live/#model=tiny-llama&prompt=${prompt}`, { waitUntil: 'networkidle' });
    const text = await page.getByLabel('Text', { exact: true }).inputValue();
    expect(text.length).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.bench').waitFor();
    await page.locator('[data-head=L1H2]').click();
    const stored = await patternAt({ model: 'tiny-llama', stack: 'self', layer: 1, head: 2, prompt });
    const n = stored.pattern.rows;
    await eventually(() => page.locator('[data-token]').count()).toBe(n);
    await page.getByRole('application').focus();
    await page.keyboard.press('Control+End');
    const query = n - 1;
    const key = await page.$eval('.readout', (box) => /key .* \((\d+)\)/su.exec(box.textContent)?.[1]);
    const value = stored.pattern.values[query * n + Number(key)] ?? NaN;
    expect(Math.abs((await readout(page)) - value)).toBeLessThanOrEqual(stored.pack.header.maxError + 1e-5);

    await page.getByLabel('Text', { exact: true }).press('End');
    await page.keyboard.type(' zebra');
    await eventually(async () => (await tokens(page)).join('')).toMatch(/zebra$/u);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('keeps all state behind #, and comes back to it without fetching', async () => {
    const { page, requests } = await openPage(browser);
    await page.goto(`${inject('root')}live/`);
    await start(page, 'secret words');
    await page.locator('[data-head=L0H3]').click();
    await eventually(() => page.url()).toMatch(/live\/#model=tiny-gpt2&head=L0H3&text=secret\+words$/u);
    requests.length = 0;
    await page.reload();
    await page.locator('.bench').waitFor();
    expect(await page.locator('[data-head=L0H3]').getAttribute('aria-pressed')).toBe('true');
    expect(requests.filter((path) => /\.wasm$|\/generated\/live\//u.test(path))).toEqual([]);
    expect(requests.filter((path) => path.includes('secret'))).toEqual([]);
    await page.context().close();
  });

  it('takes text for text: markup, right-to-left letters, emoji, and more than a model reads', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}live/`);
    const odd = '<img src=x onerror="document.title=1"> שלום עולם 👩‍👩‍👧 \u202Eabc';
    await start(page, odd);
    expect((await tokens(page)).join('')).toContain('<img');
    expect(await page.locator('.bench img').count()).toBe(0);
    expect(await page.title()).toContain('Live');
    await page.getByLabel('Text', { exact: true }).fill('word '.repeat(6000));
    await page.getByText('its beginning was taken').waitFor();
    await page.getByText('the model reads the first 128').waitFor();
    await eventually(() => page.locator('[data-token]').count()).toBe(128);
    await page.getByLabel('Text', { exact: true }).fill('');
    await page.getByText('Type or paste anything').waitFor();
    expect(await page.locator('.bench').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('is used by keyboard, and passes the rules in both themes and at 360 pixels', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, { colorScheme, viewport: { width: 360, height: 800 } });
      await page.goto(`${inject('root')}live/`);
      await start(page, 'The cat sat on the mat. The cat');
      await page.locator('[data-head=L0H0]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.getByRole('heading', { name: 'tiny-gpt2 L1H1' }).waitFor();
      expect(await violations(page)).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(sideways).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });
});

describe('figures of a text of one’s own', () => {
  it('are all of one text: matrices, drawings, and in words what is not known', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}live/#head=L1H1`);
    await start(page, 'one lamp two stones one lamp');
    const figure = page.getByLabel('Figure');
    const names = await figure
      .locator('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value') ?? ''));
    expect(names).toEqual(expect.arrayContaining(['raw', 'rollout', 'gram-matrix', 'distance-profile']));
    for (const name of names) {
      await figure.selectOption(name);
      const shown = page.locator('.plot');
      if (name === 'difference-from-mean') await shown.getByText('needs pattern, mean').waitFor();
      else await shown.locator('canvas, img').first().waitFor();
      expect(await shown.getByRole('alert').count()).toBe(0);
    }
    expect(await page.getByText('Measured on many texts').innerText()).toContain('Prefix matching');
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('are in the address with their colours, and lead to View so', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}live/#head=L1H1`);
    await start(page, 'one lamp two stones');
    await page.getByLabel('Figure').selectOption('rollout');
    await page.getByLabel('Scale').selectOption('log');
    await page.getByLabel('Colour map').selectOption('embers');
    const said = 'figure=rollout&scale=log&map=embers';
    await eventually(() => page.url()).toMatch(
      new RegExp(`#.*&text=one\\+lamp\\+two\\+stones&${said}$`, 'u'),
    );
    await page.reload();
    await page.locator('.bench').waitFor();
    expect(await page.getByLabel('Figure').inputValue()).toBe('rollout');
    expect(await page.getByLabel('Scale').inputValue()).toBe('log');
    expect(await page.getByLabel('Colour map').inputValue()).toBe('embers');
    const href = await page.locator('.ways a').first().getAttribute('href');
    expect(href).toContain(`prompt=text1&${said}#text1=`);
    await page.context().close();
  });
});

describe('a head that is taken out', () => {
  it('changes the loss and the patterns of later layers, with a key, a click and the address', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${inject('root')}live/`);
    await start(page, 'one lamp two stones one lamp two stones one lamp');
    const loss = async () => Number(await page.locator('.loss data').getAttribute('value'));
    const whole = await loss();
    await page.locator('[data-head=L1H0]').click();
    const before = await readout(page);
    await page.locator('[data-head=L0H1]').click();
    const own = await readout(page);
    await page.keyboard.press('x');
    await page.getByText('with all heads)').waitFor();
    expect(await loss()).not.toBe(whole);
    expect(await readout(page)).toBe(own); // its own pattern stays what it was
    const zero = await loss();
    await page.getByRole('button', { name: 'Replace by its mean' }).click();
    await eventually(loss).not.toBe(zero);
    await eventually(() => page.url()).toMatch(/off=L0H1%7Emean/u);
    await page.locator('[data-head=L1H0]').click();
    await eventually(() => readout(page)).not.toBe(before);
    await eventually(() => page.url()).toMatch(/head=L1H0/u);
    await page.reload();
    await page.getByText('with all heads)').waitFor();
    expect(await page.locator('[data-head=L0H1]').textContent()).toContain('mean');
    await page.getByRole('button', { name: 'Put all back' }).click();
    await eventually(loss).toBe(whole);
    await eventually(() => readout(page)).toBe(before);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('where a model cannot be had, the page says so in words', () => {
  async function failing(prepare: (page: Page) => Promise<unknown>): Promise<string> {
    const { page } = await openPage(browser);
    await liveOfferOf(page);
    await page.getByLabel('Text', { exact: true }).fill('The cat');
    await prepare(page);
    await page.getByRole('button', { name: 'Start' }).click();
    const words = (await page.getByRole('alert').innerText()).replaceAll('\n', ' ');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
    await page.context().close();
    return words;
  }

  it('offline', async () => {
    expect(
      await failing((page) => page.route('**/*.wasm', (route) => route.abort('internetdisconnected'))),
    ).toMatch(/could not be fetched .*Check the connection/u);
  });

  it('a file that is not there', async () => {
    const missing = (page: Page) => page.route('**/config.json', (route) => route.fulfill({ status: 404 }));
    expect(await failing(missing)).toMatch(/is not on the site .*config\.json/u);
  });

  it('a file of another content', async () => {
    const changed = (page: Page) =>
      page.route('**/model.safetensors', async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
        await route.fulfill({ response, body });
      });
    expect(await failing(changed)).toMatch(/arrived damaged .*checksum/u);
  });

  it('a file that is cut off', async () => {
    const cut = (page: Page) => page.route('**/tokenizer.json', (route) => route.fulfill({ body: '{}' }));
    expect(await failing(cut)).toMatch(/arrived damaged .*2 bytes instead of/u);
  });

  it('a browser without WebAssembly', async () => {
    expect(await failing((page) => page.evaluate('delete globalThis.WebAssembly'))).toMatch(
      /cannot run models .*WebAssembly/u,
    );
  });

  it('goes on once the connection is back, with what has arrived', async () => {
    const { page, requests } = await openPage(browser);
    await liveOfferOf(page);
    await page.getByLabel('Text', { exact: true }).fill('The cat');
    await page.route('**/model.safetensors', (route) => route.abort('internetdisconnected'));
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').waitFor();
    await page.unroute('**/model.safetensors');
    requests.length = 0;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.bench').waitFor();
    expect(requests.filter((path) => path.endsWith('.wasm'))).toEqual([]);
    await page.context().close();
  });

  it('needs no connection to start a model that is kept from an earlier visit', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('below')}live/`);
    await start(page, 'The cat');
    const again = await page.context().newPage();
    await again.goto(`${inject('below')}live/`, { waitUntil: 'networkidle' });
    await again.getByText('is kept on this device').waitFor();
    await page.context().setOffline(true);
    await start(again, 'The dog');
    await eventually(async () => (await tokens(again)).join('')).toMatch(/dog$/u);
    await page.context().close();
  });

  it('needs no connection once a model is there', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${inject('root')}live/`);
    await start(page, 'The cat');
    await page.context().setOffline(true);
    await page.getByLabel('Text', { exact: true }).fill('The cat and another dog');
    await eventually(async () => (await tokens(page)).join('')).toMatch(/dog$/u);
    await page.context().close();
  });
});
