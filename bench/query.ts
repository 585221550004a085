import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { findBrowser } from '../tests/browser/find-browser.ts';

// `npm run bench:query`: how long a query of /heads/ takes in a real Chromium, from its text to the sorted heads, among 100,000
// heads with the values of 21 metrics drawn at random.

const QUERIES: readonly (readonly [what: string, query: string])[] = [
  ['all heads', ''],
  ['a metric', 'metric-3 > 0.4'],
  ['two metrics and a layer', 'metric-3 > 0.4 and metric-7 < 0.5 and layer >= 2'],
  ['four metrics', '(metric-1 > 0.9 or metric-2 > 0.9) and not (metric-3 < 0.1 or metric-4 != 0.5)'],
];

const bundle = await rolldown({ input: resolve('bench/query-page.ts'), logLevel: 'silent' });
const { output } = await bundle.generate({ format: 'iife', name: 'bench' });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
await page.addScriptTag({ content: output[0].code });
process.stdout.write(
  `Chromium ${browser.version()}, 100,000 heads: the first time, the median of 21, the longest\n`,
);
for (const [what, query] of QUERIES) {
  const [first = 0, ...times] = await page.evaluate((text) => window.timesOf(text), query);
  const sorted = times.toSorted((a, b) => a - b);
  const shown = [first, sorted[10] ?? 0, sorted.at(-1) ?? 0].map((time) =>
    `${time.toFixed(1)} ms`.padStart(9),
  );
  process.stdout.write(`  ${what.padEnd(24)} ${shown.join(' ')}\n`);
}
await browser.close();
