import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decodeNpy } from '../../src/core/npz/decode-npy.ts';
import { violations } from './axe.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { eventually } from './patterns.ts';

// Texts that a visitor typed, in View and Compare, and what can be taken along.

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const at = (path: string) => `${inject('root')}${path}`;

async function open(path: string): Promise<Watched> {
  const watched = await openPage(browser);
  await watched.page.goto(at(path), { waitUntil: 'networkidle' });
  return watched;
}

async function startLive(text: string): Promise<Watched> {
  const watched = await open(`live/#text=${encodeURIComponent(text)}`);
  await watched.page.getByRole('button', { name: 'Start' }).click();
  await watched.page.locator('.bench').waitFor();
  return watched;
}

function tokens(page: Page): Promise<string> {
  return page.$$eval('[data-token]', (spans) => spans.map((span) => span.textContent).join(''));
}

describe('View, of a text that a visitor typed', () => {
  it('asks before it fetches a model, follows what is typed, and sends nothing of it', async () => {
    const { page, requests, faults } = await open(
      'view/?model=tiny-gpt2&layer=1&head=2&prompt=text1#text1=A+secret+cat',
    );
    expect(requests.filter((path) => /\.wasm$|\/generated\/live\//u.test(path))).toEqual([]);
    await page.getByText('This text is not in the atlas').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await eventually(() => tokens(page)).toMatch(/secret·cat$/u);
    await page.getByLabel('Text', { exact: true }).fill('A secret dog');
    await eventually(() => tokens(page)).toMatch(/secret·dog$/u);
    await eventually(() => page.url()).toMatch(
      /\?model=tiny-gpt2&layer=1&head=2&prompt=text1[^#]*#text1=A\+secret\+dog$/u,
    );
    await page.getByRole('application').focus();
    await page.keyboard.press('l');
    await page.keyboard.press('Shift+H');
    await page.getByText('Values are as computed, float32.').waitFor();
    expect(requests.filter((path) => path.includes('secret'))).toEqual([]);
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says which models cannot be run', async () => {
    const { page } = await open('view/?model=no-such&layer=0&head=0&prompt=text1#text1=x');
    await page.getByText('no-such cannot run in the page').waitFor();
    await page.context().close();
  });
});

describe('Compare, of texts that a visitor typed', () => {
  it('shows what a replaced word changes, as a difference', async () => {
    const { page, faults } = await startLive('One cat sat here. One cat');
    await page.locator('[data-head=L1H0]').click();
    await page.getByRole('link', { name: 'Compare with another text' }).click();
    await page.getByRole('heading', { name: 'Difference' }).waitFor();
    expect(await page.locator('.distance data').getAttribute('value')).toBe('0');
    await page.getByLabel('Text of pane 2').fill('One dog sat here. One cat');
    await eventually(async () =>
      Number(await page.locator('.distance data').getAttribute('value')),
    ).toBeGreaterThan(0);
    await eventually(() => page.url()).toMatch(/#text1=One\+cat[^&]*&text2=One\+dog/u);
    expect(new URL(page.url()).search).not.toContain('cat');
    expect(faults).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Difference' }).waitFor();
    expect(await page.getByLabel('Text of pane 2').inputValue()).toContain('dog');
    await page.context().close();
  });

  it('copies the text with the pane, so that one of them can be changed', async () => {
    const { page } = await open('compare/?pane=tiny-gpt2~L1H0~text1#text1=The+cat');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('application').waitFor();
    await page.getByText('Change', { exact: true }).click();
    await page.getByRole('button', { name: 'Duplicate' }).click();
    await page.getByLabel('Text of pane 2').fill('The dog');
    expect(await page.getByLabel('Text of pane 1').inputValue()).toBe('The cat');
    await eventually(() => page.url()).toMatch(/pane=tiny-gpt2~L1H0~text2#text1=The\+cat&text2=The\+dog$/u);
    await page.context().close();
  });
});

describe('panes of one typed text, cut into other tokens by each model', () => {
  it('follow its characters', async () => {
    const { page, faults } = await openPage(browser);
    // The embedded models cut texts alike; without its first token, the second one's tokens are others.
    await page.route(/\/compare\/\?/u, async (route) => {
      const response = await route.fetch();
      const [before = '', first = '', ...rest] = (await response.text()).split('&quot;always&quot;');
      const body = `${before}&quot;always&quot;${first}&quot;never&quot;${rest.join('&quot;always&quot;')}`;
      await route.fulfill({ response, body });
    });
    await page.goto(
      at('compare/?pane=tiny-gpt2~L1H0~text1&pane=tiny-llama~L1H0~text1#text1=one+lamp+two+stones'),
    );
    await page.getByRole('button', { name: 'Start' }).first().click();
    await page.getByRole('application').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('application').nth(1).waitFor();
    await eventually(() => page.locator('.compare > header p').textContent()).toContain(
      'follow its characters',
    );
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('what can be taken along', () => {
  it('is a line of JSONL that reads as the text', async () => {
    const odd = 'Two\nlines, "quotes", שלום 😀 </script>';
    const { page } = await startLive(odd);
    await page.getByText('Add it to my atlas').click();
    const row = await page.getByLabel('A line for content/prompts/mine.jsonl').inputValue();
    expect(row.split('\n')).toHaveLength(1);
    expect(JSON.parse(row)).toEqual({ text: odd });
    expect(await page.getByLabel('A line for promptSets').inputValue()).toContain(
      "file: 'content/prompts/mine.jsonl'",
    );
    await page.context().close();
  });

  it.each(['live', 'view'])('is Python that names the file and the array that /%s/ saves', async (kind) => {
    const { page } =
      kind === 'live' ? await startLive('The cat sat') : await open('view/?model=tiny-gpt2&layer=1&head=2');
    await page.getByText('Open it in Python').click();
    const python = await page.getByLabel('Python, for the NPZ').inputValue();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'NPZ', exact: true }).click();
    const download = await downloading;
    const [, file] = /np\.load\("([^"]+)"\)/u.exec(python) ?? [];
    const [, array = ''] = /saved\["([^"]+)"\]/u.exec(python) ?? [];
    expect(download.suggestedFilename()).toBe(file);
    const saved = unzipSync(await readFile(await download.path()));
    expect(Object.keys(saved)).toEqual([`${array}.npy`]);
    const { shape, values } = decodeNpy(saved[`${array}.npy`] ?? new Uint8Array(), array);
    expect(shape).toHaveLength(2);
    expect(values.length).toBe((shape[0] ?? 0) * (shape[1] ?? 0));
    await page.context().close();
  });
});
