import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHOSEN_STOPS } from '../../src/core/colour/chosen-maps.ts';
import { parseColour } from '../../src/core/colour/colour-maps.ts';
import { comparePath, viewPath } from '../../src/schema/view-state.ts';
import { launch, openPage } from './open-site.ts';
import { at, eventually, someAddress } from './patterns.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const address = await someAddress();

describe('the colours of a pattern', () => {
  it.each(['light', 'dark'] as const)(
    'are chosen in the %s theme for plot, bar and picture',
    async (theme) => {
      const { page, faults } = await openPage(browser, { colorScheme: theme });
      await page.goto(at(viewPath(address)));
      await eventually(() => page.locator('canvas').count()).toBe(1);
      // The first query gives all it has to the only key it sees: the last colour of the map.
      const corner = () =>
        page.locator('canvas').evaluate((canvas) => {
          const context = (canvas as HTMLCanvasElement).getContext('2d');
          return [...(context?.getImageData(3, 3, 1, 1).data ?? [])].slice(0, 3);
        });
      await page.getByLabel('Colour map').selectOption('grey');
      const stops = CHOSEN_STOPS.grey[theme];
      await eventually(corner).toEqual(parseColour(stops.at(-1) ?? ''));
      const bar = page.locator('.colour-bar stop');
      expect(await bar.last().getAttribute('stop-color')).toBe(stops.at(-1));
      await eventually(() => new URL(page.url()).searchParams.get('map')).toBe('grey');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'SVG', exact: true }).click();
      const svg = await readFile(await (await download).path(), 'utf8');
      for (const stop of stops.slice(1)) expect(svg).toContain(stop);
      await page.reload();
      await eventually(corner).toEqual(parseColour(stops.at(-1) ?? ''));
      expect(faults).toEqual([]);
    },
  );

  it('are shared by the panes of a comparison, and an unknown map is said', async () => {
    const { page } = await openPage(browser);
    await page.goto(at(comparePath([address, { ...address, head: 0 }], { map: 'dusk' })));
    await eventually(() => page.locator('.colour-bar').count()).toBe(2);
    for (const bar of await page.locator('.colour-bar').all()) {
      expect(await bar.locator('stop').last().getAttribute('stop-color')).toBe(
        CHOSEN_STOPS.dusk.light.at(-1),
      );
    }
    await page.goto(`${at(viewPath(address))}&map=rainbow`);
    await eventually(() =>
      page
        .getByRole('status')
        .allTextContents()
        .then((all) => all.join(' ')),
    ).toContain('rainbow');
  });
});
