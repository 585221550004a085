import { describe, expect, it } from 'vitest';
import { cellError, formatCell } from '../../src/core/view/cell-value.ts';
import { rankKeys } from '../../src/core/view/rank-keys.ts';
import { viewPath } from '../../src/schema/view-state.ts';
import { violations } from './axe.ts';
import { at, cellPoint as pointOf, eventually, madeUpPack, patternAt } from './patterns.ts';
import { viewPage } from './view-page.ts';

const view = viewPage();
const cellPoint = (query: number, key: number, n: number) =>
  pointOf(view.page.locator('canvas'), [query, key], n);
const value = () => view.page.locator('data').first().textContent();

describe('the plot', () => {
  it('tells the value under the pointer, as exact as the pack holds it', async () => {
    const { pattern, pack } = await patternAt(view.address);
    await view.show();
    for (const [row, column] of [
      [pattern.rows - 1, 3],
      [7, 7],
      [12, 0],
    ] as const) {
      await view.page.mouse.move(...(await cellPoint(row, column, pattern.rows)));
      const packed = pattern.values[row * pattern.columns + column] ?? -1;
      const words = formatCell(packed, cellError(pack.header.precision, pack.header.maxError, packed));
      await eventually(value).toBe(words.value);
      expect(await view.readout()).toContain(`(${row}) → key`);
      expect(await view.readout()).toContain(`(${column}) ${words.value} ± ${words.error}`);
    }
    await view.page.mouse.move(...(await cellPoint(2, 9, pattern.rows)));
    await eventually(view.readout).toContain('not seen: the key comes after the query');
    expect(view.watched.faults).toEqual([]);
  });

  it('pins with a click, and keys move the pin, zoom and let go', async () => {
    const { pattern } = await patternAt(view.address);
    const n = pattern.rows;
    await view.show();
    await view.page.mouse.click(...(await cellPoint(12, 4, n)));
    await view.page.mouse.move(0, 0);
    await eventually(() => view.query().get('pin')).toBe('12,4');
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowRight');
    await eventually(() => view.query().get('pin')).toBe('13,5');
    await view.page.keyboard.press('Control+ArrowUp');
    await eventually(() => view.query().get('pin')).toBe('3,5');
    await view.page.keyboard.press('End');
    await eventually(() => view.query().get('pin')).toBe('3,3');
    await view.page.keyboard.press('Control+End');
    await view.page.keyboard.press('Home');
    await eventually(() => view.query().get('pin')).toBe(`${n - 1},0`);
    await expect
      .poll(() => view.page.locator('[aria-live]').first().textContent())
      .toMatch(new RegExp(`query .+ \\(${n - 1}\\), key .+ \\(0\\): \\d`, 'u'));
    await view.page.keyboard.press('+');
    await view.page.keyboard.press('+');
    await eventually(() => view.query().get('zoom')).toMatch(/^\d+\.\.\d+,0\.\.\d+$/u);
    await view.page.keyboard.press('0');
    await view.page.keyboard.press('Escape');
    await eventually(() => view.query().has('zoom') || view.query().has('pin')).toBe(false);
    expect(view.watched.faults).toEqual([]);
  });

  it('zooms where the wheel turns, is dragged, and stays inside the pattern', async () => {
    await view.show();
    const [x, y] = await cellPoint(10, 10, (await patternAt(view.address)).pattern.rows);
    const scrolled = () => view.page.evaluate(() => scrollY);
    const before = await scrolled();
    await view.page.mouse.move(x, y);
    await view.page.mouse.wheel(0, 40);
    await eventually(scrolled).toBe(before + 40);
    await view.page.mouse.wheel(0, -40);
    await eventually(scrolled).toBe(before);
    await view.plot().focus();
    await view.page.mouse.wheel(0, -600);
    await eventually(() => view.query().get('zoom')).not.toBeNull();
    const zoomed = view.query().get('zoom');
    await view.page.mouse.down();
    await view.page.mouse.move(x - 200, y - 200, { steps: 4 });
    await view.page.mouse.up();
    await eventually(() => view.query().get('zoom')).not.toBe(zoomed);
    expect(view.query().has('pin')).toBe(false);
    await view.page.mouse.wheel(0, 5000);
    await eventually(() => view.query().get('zoom')).toBeNull();
    expect(view.watched.faults).toEqual([]);
  });

  it('lists where the query looks, strongest first, ten and then all', async () => {
    const { pattern } = await patternAt(view.address);
    const row = pattern.rows - 1;
    await view.show({ pin: { query: row, key: 0 } });
    const positions = () => view.page.locator('tbody .position').allTextContents();
    const expected = rankKeys(pattern, row).map(({ key }) => String(key));
    expect(await positions()).toEqual(expected.slice(0, 10));
    await view.page.getByRole('button', { name: `Show all ${pattern.columns} keys` }).click();
    expect(await positions()).toEqual(expected);
  });

  it('follows the theme', async () => {
    await view.page.emulateMedia({ colorScheme: 'light' });
    await view.show();
    const corner = () =>
      view.page
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => [
          ...(canvas.getContext('2d')?.getImageData(2, 2, 1, 1).data ?? []),
        ]);
    const light = await corner();
    await view.page.emulateMedia({ colorScheme: 'dark' });
    await eventually(corner).not.toEqual(light);
    const dark = await corner();
    await view.page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
    await eventually(corner).toEqual(light);
    expect(dark[3]).toBe(255);
  });

  it('takes a thousand tokens, and names as many as fit', async () => {
    const [model, prompt] = ['large', 'L'.repeat(22)];
    await view.page.route(`**/${prompt}.pack`, (route) =>
      route.fulfill({ body: madeUpPack(model, prompt, 1024) }),
    );
    await view.show({ pin: { query: 1000, key: 1000 } }, { model, layer: 0, head: 0, prompt });
    expect(await view.readout()).toContain('word1000');
    const labels = await view.page.locator('.queries text').count();
    expect(labels).toBeGreaterThan(10);
    expect(labels).toBeLessThan(80);
    // The stripe is one token wide, the plot has fewer pixels than tokens: it must not fall between them.
    const gaps = await view.page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
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

describe('the text', () => {
  it('is painted by the query, and chooses queries and keys', async () => {
    const { pattern } = await patternAt(view.address);
    await view.show({ pin: { query: 12, key: 5 } });
    const token = (at: number) => view.page.locator('[data-token]').nth(at);
    await eventually(() => token(12).getAttribute('data-query')).toBe('');
    expect(await token(13).getAttribute('data-unseen')).toBe('');
    const strongest = rankKeys(pattern, 9, 1)[0]?.key ?? -1;
    await token(9).hover({ modifiers: ['Alt'] });
    await eventually(view.readout).toMatch(new RegExp(`\\(9\\) → key .+\\(${strongest}\\)`, 'u'));
    await token(3).hover();
    await eventually(view.readout).toMatch(/\(9\) → key .+\(3\)/u);
    await token(2).click();
    await eventually(() => view.query().get('pin')).toBe('9,2');
    await token(10).click({ modifiers: ['Alt'] });
    await eventually(() => view.query().get('pin')).toMatch(/^10,/u);
    expect(view.watched.faults).toEqual([]);
  });
});

describe('on a phone', () => {
  it('a tap pins, one finger scrolls the page, nothing is wider than the screen', async () => {
    await view.reopen({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await view.show();
    const { pattern } = await patternAt(view.address);
    await view.page.touchscreen.tap(...(await cellPoint(15, 6, pattern.rows)));
    await eventually(() => view.query().get('pin')).toBe('15,6');
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(
      await view.page.locator('.frame > div').evaluate((element) => getComputedStyle(element).touchAction),
    ).toBe('pan-y');
    expect(view.watched.faults).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('a pinned, zoomed pattern and every failure keep to the rules of accessibility', async () => {
    await view.page.emulateMedia({ colorScheme });
    await view.show({
      pin: { query: 12, key: 5 },
      zoom: { queries: [8, 15], keys: [2, 9] },
      range: [0, 0.5],
    });
    await view.page.getByRole('button', { name: 'Show all' }).click();
    expect(await violations(view.page)).toEqual([]);
    await view.page.getByLabel('From').fill('5');
    await view.page.getByLabel('From').press('Enter');
    await eventually(() => view.page.getByRole('alert').textContent()).toContain('two numbers');
    expect(await violations(view.page)).toEqual([]);
    await view.page.goto(`${at(viewPath({ ...view.address, model: 'none' }))}&scale=cubic`);
    await eventually(() => view.page.getByRole('alert').textContent()).toContain('no model “none”');
    expect(await violations(view.page)).toEqual([]);
  });
});
