import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cellError, formatCell } from '../../src/core/view/cell-value.ts';
import { rankKeys } from '../../src/core/view/rank-keys.ts';
import type { SiteIndex } from '../../src/schema/site-index.ts';
import { viewPath, type Display, type PatternAddress } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import {
  at,
  cellPoint as pointOf,
  eventually,
  madeUpPack,
  patternAt,
  siteIndex,
  someAddress,
} from './patterns.ts';

let browser: Browser;
let index: SiteIndex;
let address: PatternAddress;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  index = await siteIndex();
  address = await someAddress();
});
afterAll(() => browser.close());
beforeEach(async () => {
  watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  page = watched.page;
  return () => page.context().close();
});

async function show(display: Display = {}, wanted: Partial<PatternAddress> = {}): Promise<void> {
  await page.goto(at(viewPath({ ...address, ...wanted }, display)), { waitUntil: 'networkidle' });
  await page.locator('canvas').waitFor();
}

const cellPoint = (query: number, key: number, n: number) => pointOf(page.locator('canvas'), [query, key], n);
const value = () => page.locator('data').first().textContent();
const readout = async () => (await page.locator('.readout').textContent())?.replace(/\s+/gu, ' ').trim();
const query = () => new URL(page.url()).searchParams;
const plot = () => page.getByRole('application');

describe('the plot', () => {
  it('tells the value under the pointer, as exact as the pack holds it', async () => {
    const { pattern, pack } = await patternAt(address);
    await show();
    for (const [row, column] of [
      [pattern.rows - 1, 3],
      [7, 7],
      [12, 0],
    ] as const) {
      await page.mouse.move(...(await cellPoint(row, column, pattern.rows)));
      const packed = pattern.values[row * pattern.columns + column] ?? -1;
      const words = formatCell(packed, cellError(pack.header.precision, pack.header.maxError, packed));
      await eventually(value).toBe(words.value);
      expect(await readout()).toContain(`(${row}) → key`);
      expect(await readout()).toContain(`(${column}) ${words.value} ± ${words.error}`);
    }
    await page.mouse.move(...(await cellPoint(2, 9, pattern.rows)));
    await eventually(readout).toContain('not seen: the key comes after the query');
    expect(watched.faults).toEqual([]);
  });

  it('pins with a click, and keys move the pin, zoom and let go', async () => {
    const { pattern } = await patternAt(address);
    const n = pattern.rows;
    await show();
    await page.mouse.click(...(await cellPoint(12, 4, n)));
    await page.mouse.move(0, 0);
    await eventually(() => query().get('pin')).toBe('12,4');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await eventually(() => query().get('pin')).toBe('13,5');
    await page.keyboard.press('Control+ArrowUp');
    await eventually(() => query().get('pin')).toBe('3,5');
    await page.keyboard.press('End');
    await eventually(() => query().get('pin')).toBe('3,3');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    await eventually(() => query().get('pin')).toBe(`${n - 1},0`);
    await expect
      .poll(() => page.locator('[aria-live]').first().textContent())
      .toMatch(new RegExp(`query .+ \\(${n - 1}\\), key .+ \\(0\\): \\d`, 'u'));
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await eventually(() => query().get('zoom')).toMatch(/^\d+\.\.\d+,0\.\.\d+$/u);
    await page.keyboard.press('0');
    await page.keyboard.press('Escape');
    await eventually(() => query().has('zoom') || query().has('pin')).toBe(false);
    expect(watched.faults).toEqual([]);
  });

  it('zooms where the wheel turns, is dragged, and stays inside the pattern', async () => {
    await show();
    const [x, y] = await cellPoint(10, 10, (await patternAt(address)).pattern.rows);
    const scrolled = () => page.evaluate(() => scrollY);
    const before = await scrolled();
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 40);
    await eventually(scrolled).toBe(before + 40);
    await page.mouse.wheel(0, -40);
    await eventually(scrolled).toBe(before);
    await plot().focus();
    await page.mouse.wheel(0, -600);
    await eventually(() => query().get('zoom')).not.toBeNull();
    const zoomed = query().get('zoom');
    await page.mouse.down();
    await page.mouse.move(x - 200, y - 200, { steps: 4 });
    await page.mouse.up();
    await eventually(() => query().get('zoom')).not.toBe(zoomed);
    expect(query().has('pin')).toBe(false);
    await page.mouse.wheel(0, 5000);
    await eventually(() => query().get('zoom')).toBeNull();
    expect(watched.faults).toEqual([]);
  });

  it('lists where the query looks, strongest first, ten and then all', async () => {
    const { pattern } = await patternAt(address);
    const row = pattern.rows - 1;
    await show({ pin: { query: row, key: 0 } });
    const positions = () => page.locator('tbody .position').allTextContents();
    const expected = rankKeys(pattern, row).map(({ key }) => String(key));
    expect(await positions()).toEqual(expected.slice(0, 10));
    await page.getByRole('button', { name: `Show all ${pattern.columns} keys` }).click();
    expect(await positions()).toEqual(expected);
  });

  it('follows the theme', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await show();
    const corner = () =>
      page
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => [
          ...(canvas.getContext('2d')?.getImageData(2, 2, 1, 1).data ?? []),
        ]);
    const light = await corner();
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(corner).not.toEqual(light);
    const dark = await corner();
    await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
    await eventually(corner).toEqual(light);
    expect(dark[3]).toBe(255);
  });

  it('takes a thousand tokens, and names as many as fit', async () => {
    const [model, prompt] = ['large', 'L'.repeat(22)];
    await page.route(`**/${prompt}.pack`, (route) =>
      route.fulfill({ body: madeUpPack(model, prompt, 1024) }),
    );
    await show({ pin: { query: 1000, key: 1000 } }, { model, layer: 0, head: 0, prompt });
    expect(await readout()).toContain('word1000');
    const labels = await page.locator('.queries text').count();
    expect(labels).toBeGreaterThan(10);
    expect(labels).toBeLessThan(80);
    // The stripe is one token wide, the plot has fewer pixels than tokens: it must not fall between them.
    const gaps = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      return Array.from({ length: height }, (_, y) => {
        const x = Math.min(width - 1, Math.floor(((y + 0.5) * width) / height));
        return data[(y * width + x) * 4] ?? 255;
      }).filter((red) => red > 120).length;
    });
    expect(gaps).toBe(0);
  });
});

describe('the address', () => {
  it('brings back what the sender saw', async () => {
    await show({
      scale: 'log',
      range: [0.001, 0.5],
      pin: { query: 12, key: 5 },
      zoom: { queries: [8, 15], keys: [2, 9] },
    });
    expect(await page.getByLabel('Scale').inputValue()).toBe('log');
    expect(await page.getByLabel('From').inputValue()).toBe('0.001');
    expect(await page.getByLabel('to', { exact: true }).inputValue()).toBe('0.5');
    expect(await readout()).toMatch(/\(12\) → key .+\(5\)/u);
    expect(await page.locator('.queries text').allTextContents()).toHaveLength(8);
    await eventually(() => page.url()).toContain('scale=log&range=0.001..0.5&pin=12,5&zoom=8..15,2..9');
  });

  it('goes on with each pattern, and back leads back', async () => {
    await show();
    await plot().focus();
    await page.keyboard.press('h');
    await eventually(() => query().get('head')).toBe('3');
    await page.keyboard.press('Shift+L');
    await eventually(() => query().get('layer')).toBe('0');
    await page.getByLabel('Model').selectOption('tiny-neox-step250');
    await eventually(() => query().get('model')).toBe('tiny-neox-step250');
    await page.getByLabel('Training step').press('ArrowRight');
    await expect
      .poll(() => page.getByRole('heading', { level: 1 }).textContent())
      .toBe('tiny-neox-step500 L0H3');
    await eventually(() => page.title()).toContain('tiny-neox-step500 L0H3 on “');
    for (const heading of ['tiny-neox-step250 L0H3', 'tiny-gpt2 L0H3', 'tiny-gpt2 L1H3', 'tiny-gpt2 L1H2']) {
      await page.goBack();
      await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
    }
    expect(watched.faults).toEqual([]);
  });

  it('may be empty: the first pattern is shown and named', async () => {
    await page.goto(at('/view/'));
    await page.locator('canvas').waitFor();
    await eventually(() => query().get('model')).toBe(index.models[0]?.id);
    expect(query().get('prompt')).toBe(index.prompts[0]?.id);
    expect(watched.faults).toEqual([]);
  });

  it('costs one pack and then the index, and no more', async () => {
    await show();
    await page.getByLabel('Head').selectOption('0');
    await eventually(() => query().get('head')).toBe('0');
    const fetched = watched.requests.filter((path) => path.includes('/generated/'));
    expect(fetched).toEqual([`/generated/packs/tiny-gpt2/${address.prompt}.pack`, '/generated/index.json']);
  });

  it('that is broken in part is shown in its other parts, and says so', async () => {
    await show({ pin: { query: 5000, key: 1 } });
    await eventually(() => page.locator('.notes').textContent()).toContain('query 5000, key 1');
    await page.goto(`${at(viewPath(address))}&scale=cubic&range=9..1&figure=nope&layer=x`);
    await page.locator('canvas').waitFor();
    const notes = await page.locator('.notes').textContent();
    for (const part of ['scale=cubic', 'range=9..1', 'figure “nope”']) expect(notes).toContain(part);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('tiny-gpt2 L1H2');
  });

  it.each([
    [{ layer: 99 }, 'tiny-gpt2 has no pattern in layer 99'],
    [{ head: 99 }, 'tiny-gpt2 has no head 99'],
    [{ model: 'tiny-gtp2' }, 'Did you mean "tiny-gpt2"?'],
    [{ prompt: 'x'.repeat(22) }, 'There is no prompt with the id'],
  ])('that names what the atlas does not hold says what it does hold: %j', async (wrong, sentence) => {
    await page.goto(at(viewPath({ ...address, ...wrong })));
    await eventually(() => page.getByRole('alert').textContent()).toContain(sentence);
    await page.getByRole('link', { name: /^Show .+ instead$/u }).click();
    await page.locator('canvas').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a pack that does not come', () => {
  const pack = '**/generated/packs/**';

  it.each([
    ['is cut off', 'arrived damaged', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['has another byte', 'arrived damaged', (bytes: Buffer) => bytes.fill(0, 200, 201)],
    ['is a page', 'arrived damaged', () => Buffer.from('<!doctype html>')],
  ])('because it %s is an error with a retry', async (_, sentence, damage) => {
    await page.route(pack, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: damage(await response.body()) });
    });
    await page.goto(at(viewPath(address)));
    await eventually(() => page.getByRole('alert').textContent()).toContain(sentence);
    await page.unroute(pack);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('canvas').waitFor();
  });

  it('because the network fails is an error with a retry', async () => {
    await page.route(pack, (route) => route.abort('connectionreset'));
    await page.goto(at(viewPath(address)));
    await eventually(() => page.getByRole('alert').textContent()).toContain('could not be fetched');
    await page.unroute(pack);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('canvas').waitFor();
  });

  it('because the host is ill is an error of the host', async () => {
    await page.route(pack, (route) => route.fulfill({ status: 503 }));
    await page.goto(at(viewPath(address)));
    await eventually(() => page.getByRole('alert').textContent()).toContain('status 503');
  });

  it('for a while shows that it is waited for', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(pack, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(at(viewPath(address)));
    await page.getByText('Fetching the pattern…').waitFor();
    release();
    await page.locator('canvas').waitFor();
    expect(await page.getByText('Fetching the pattern…').count()).toBe(0);
    expect(watched.faults).toEqual([]);
  });

  it('leaves the pattern usable when it is the index that fails', async () => {
    await page.route('**/generated/index.json', (route) => route.fulfill({ status: 404 }));
    await page.goto(at(viewPath(address)));
    await page.locator('canvas').waitFor();
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toContain('The list of models and prompts');
    await page.unroute('**/generated/index.json');
    await page.getByRole('button', { name: 'Try again' }).click();
    await eventually(() => page.getByLabel('Model').isEnabled()).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('the text', () => {
  it('is painted by the query, and chooses queries and keys', async () => {
    const { pattern } = await patternAt(address);
    await show({ pin: { query: 12, key: 5 } });
    const token = (at: number) => page.locator('[data-token]').nth(at);
    await eventually(() => token(12).getAttribute('data-query')).toBe('');
    expect(await token(13).getAttribute('data-unseen')).toBe('');
    const strongest = rankKeys(pattern, 9, 1)[0]?.key ?? -1;
    await token(9).hover({ modifiers: ['Alt'] });
    await eventually(readout).toMatch(new RegExp(`\\(9\\) → key .+\\(${strongest}\\)`, 'u'));
    await token(3).hover();
    await eventually(readout).toMatch(/\(9\) → key .+\(3\)/u);
    await token(2).click();
    await eventually(() => query().get('pin')).toBe('9,2');
    await token(10).click({ modifiers: ['Alt'] });
    await eventually(() => query().get('pin')).toMatch(/^10,/u);
    expect(watched.faults).toEqual([]);
  });
});

describe('on a phone', () => {
  it('a tap pins, one finger scrolls the page, nothing is wider than the screen', async () => {
    await page.context().close();
    watched = await openPage(browser, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    page = watched.page;
    await show();
    const { pattern } = await patternAt(address);
    await page.touchscreen.tap(...(await cellPoint(15, 6, pattern.rows)));
    await eventually(() => query().get('pin')).toBe('15,6');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(
      await page.locator('.frame > div').evaluate((element) => getComputedStyle(element).touchAction),
    ).toBe('pan-y');
    expect(watched.faults).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('a pinned, zoomed pattern and every failure keep to the rules of accessibility', async () => {
    await page.emulateMedia({ colorScheme });
    await show({ pin: { query: 12, key: 5 }, zoom: { queries: [8, 15], keys: [2, 9] }, range: [0, 0.5] });
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('From').fill('5');
    await page.getByLabel('From').press('Enter');
    await eventually(() => page.getByRole('alert').textContent()).toContain('two numbers');
    expect(await violations(page)).toEqual([]);
    await page.goto(`${at(viewPath({ ...address, model: 'none' }))}&scale=cubic`);
    await eventually(() => page.getByRole('alert').textContent()).toContain('no model “none”');
    expect(await violations(page)).toEqual([]);
  });
});

describe('what one saves', () => {
  async function saved(button: string): Promise<{ name: string; file: Buffer }> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button, exact: true }).click();
    const file = await download;
    return { name: file.suggestedFilename(), file: await readFile(await file.path()) };
  }

  it('holds the values, the tokens and the picture of what is shown', async () => {
    const { pattern, pack } = await patternAt(address);
    await show({ zoom: { queries: [4, 11], keys: [0, 7] } });
    const before = watched.requests.length;
    const name = `tiny-gpt2-L1H2-${address.prompt}`;

    const csv = await saved('CSV');
    expect(csv.name).toBe(`${name}.csv`);
    const lines = csv.file.toString().trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + (pattern.rows * (pattern.rows + 1)) / 2);
    expect(watched.requests.length, 'fetched only when asked for').toBeGreaterThan(before);

    const npz = await saved('NPZ');
    const array = unzipSync(npz.file)['blocks.1.attn.hook_pattern.head_2.npy'] ?? new Uint8Array();
    const values = array.slice(array.length - pattern.values.byteLength);
    expect(new Float32Array(values.buffer)).toEqual(pattern.values);

    const svg = (await saved('SVG')).file.toString();
    expect(svg).toContain('viewBox="0 4 8 8"');
    expect(svg).toContain('tiny-gpt2 L1H2');
    const picture = await sharp(Buffer.from(svg)).metadata();
    expect(pack.header.tokens.length).toBe(pattern.rows);

    await page.getByLabel('PNG size').selectOption('3');
    const png = await saved('PNG');
    expect(png.name).toBe(`${name}@3x.png`);
    const drawn = await sharp(png.file).metadata();
    expect([drawn.width, drawn.height]).toEqual([3 * picture.width, 3 * picture.height]);
    await eventually(() => page.getByText(`Saved ${png.name}.`).count()).toBe(1);
    expect(watched.faults).toEqual([]);
  });
});

describe('in a frame of another page', () => {
  it('shows the figure alone, as the snippet promises, and a way to the whole page', async () => {
    await show({ pin: { query: 9, key: 3 } });
    await page.getByText('Embed it, cite it').click();
    const citation = await page.getByLabel('BibTeX').inputValue();
    expect(citation).toMatch(/weights SHA-256 [0-9a-f]{64}/u);
    expect(citation).toContain('pin=9,3');
    const snippet = await page.getByLabel('HTML of a frame').inputValue();
    const blog = await page.context().newPage();
    await blog.setContent(`<!doctype html><html lang="en"><title>A blog</title>${snippet}</html>`);
    const frame = blog.frameLocator('iframe');
    await frame.locator('canvas').waitFor();
    await eventually(() => frame.locator('.readout').textContent()).toContain('(9)');
    expect(await frame.locator('select, .site-header:visible, .site-footer:visible').count()).toBe(0);
    const whole = await frame.getByRole('link', { name: /^Open in/u }).getAttribute('href');
    expect(whole).toContain('pin=9,3');
    expect(whole).not.toContain('embed');
    expect(watched.faults).toEqual([]);
  });
});
