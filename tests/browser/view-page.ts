import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { SiteIndex } from '../../src/schema/site-index.ts';
import { viewPath, type Display, type PatternAddress } from '../../src/schema/view-state.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { at, siteIndex, someAddress } from './patterns.ts';

/** The page `/view/` of the test that runs. */
export interface ViewPage {
  readonly page: Page;
  readonly watched: Watched;
  readonly index: SiteIndex;
  /** Of some pattern. */
  readonly address: PatternAddress;
  /** Shows that pattern, or another one. */
  show(display?: Display, wanted?: Partial<PatternAddress>): Promise<void>;
  /** Goes on with the page of another browser. */
  reopen(options: BrowserContextOptions): Promise<void>;
  /** What the address asks for. */
  query(): URLSearchParams;
  plot(): Locator;
  readonly readout: () => Promise<string | undefined>;
}

/** Gives each test of the file a page of its own, in a wide window. */
export function viewPage(): ViewPage {
  let browser: Browser;
  let index: SiteIndex;
  let address: PatternAddress;
  let watched: Watched;
  const page = () => watched.page;
  beforeAll(async () => {
    browser = await launch();
    index = await siteIndex();
    address = await someAddress();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    return () => page().context().close();
  });
  return {
    get page() {
      return watched.page;
    },
    get watched() {
      return watched;
    },
    get index() {
      return index;
    },
    get address() {
      return address;
    },
    async show(display = {}, wanted = {}) {
      await page().goto(at(viewPath({ ...address, ...wanted }, display)), { waitUntil: 'networkidle' });
      await page().locator('canvas').waitFor();
    },
    async reopen(options) {
      await page().context().close();
      watched = await openPage(browser, options);
    },
    query: () => new URL(page().url()).searchParams,
    plot: () => page().getByRole('application'),
    readout: async () => (await page().locator('.readout').textContent())?.replace(/\s+/gu, ' ').trim(),
  };
}
