import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { serveSite } from '../pipeline/server/serve-site.ts';
import { paths } from '../src/schema/urls.ts';
import { comparePath, viewPath } from '../src/schema/view-state.ts';
import { findBrowser } from '../tests/browser/find-browser.ts';
import { lastPattern } from './last-pattern.ts';

/*
 * Takes a picture of every kind of page of the built site, in both themes and at two widths, to be looked at:
 * `npm run screenshots -- [FOLDER] [KIND ...]`.
 */
const WIDTHS = [1440, 360];
const THEMES = ['light', 'dark'] as const;
/** Longer pages are cut off. */
const MOST_PIXELS = 4000;

const [folder = 'screenshots', ...wanted] = process.argv.slice(2);
const site = await serveSite({ folder: resolve('dist'), base: '/', port: 0 });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const kinds = await pageKinds();
await mkdir(folder, { recursive: true });
for (const colorScheme of THEMES) {
  for (const width of WIDTHS) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    for (const [kind, path] of kinds) {
      if (wanted.length > 0 && !wanted.includes(kind)) continue;
      await page.goto(new URL(path.slice(1), site.url).href, { waitUntil: 'networkidle' });
      const full = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width, height: Math.min(full, MOST_PIXELS) };
      await page.screenshot({ path: `${folder}/${kind}-${colorScheme}-${width}.png`, clip, fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
await site.close();

/** A page of each kind, by name: of the last model, its last head, and the first prompt. */
async function pageKinds(): Promise<[kind: string, path: string][]> {
  const last = await lastPattern();
  if (last === undefined) return [];
  const { model, stack, layer, prompt } = last;
  return [
    ['home', paths.home()],
    ['models', paths.models()],
    ['model', paths.model(model)],
    ['layer', paths.layer(model, stack, layer)],
    ['head', paths.head(last)],
    ['prompts', paths.prompts()],
    ['prompt', paths.prompt(prompt)],
    ['heads', paths.heads()],
    ['search', `${paths.search()}?q=the`],
    ['search-empty', paths.search()],
    ['view', viewPath(last)],
    ['compare', comparePath([last, { ...last, head: 0 }])],
    ['live', paths.live()],
    ['figures', paths.figures()],
    ['figure', paths.figure('contact-sheet')],
    ['metrics', paths.metrics()],
    ['metric', paths.metric('induction')],
    ['about', paths.about()],
    ['not-found', '/404.html'],
  ];
}
