import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { serveSite } from '../pipeline/server/serve-site.ts';
import { livePath } from '../src/schema/live-state.ts';
import { findBrowser } from '../tests/browser/find-browser.ts';

/*
 * How long the page /live/ of the built site takes to follow a typed letter, in a real Chromium with one thread:
 * `node bench/live.ts`. From the event to the frame after every token, pattern, figure and metric has been drawn.
 */
const TOKENS = 64;
const LETTERS = 30;
const BOUND = 300;
const WORDS = 'The cat sat on the mat and the dog ran to the tree. ';

const site = await serveSite({ folder: resolve('dist'), base: '/', port: 0 });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(new URL(livePath({ text: WORDS }).slice(1), site.url).href, { waitUntil: 'networkidle' });
const models = await page
  .getByLabel('Model')
  .locator('option')
  .evaluateAll((options) => options.map((option) => option.getAttribute('value') ?? ''));
const start = performance.now();
await page.getByRole('button', { name: 'Start' }).click();
await page.locator('.bench').waitFor();
process.stdout.write(
  `first model ready after ${(performance.now() - start).toFixed(0)} ms (this machine as host)\n`,
);
let isSlow = false;
for (const model of models) {
  await page.getByLabel('Model').selectOption(model);
  await page.waitForFunction(
    (name) => document.querySelector('.head h2')?.textContent.startsWith(`${name} L`),
    model,
  );
  const text = await textOf(page, TOKENS);
  const times = await typeLetters(page, text);
  times.sort((a, b) => a - b);
  const [median, worst] = [times[times.length >> 1] ?? NaN, times.at(-1) ?? NaN];
  isSlow ||= !(worst <= BOUND);
  process.stdout.write(
    `${model.padEnd(22)} ${TOKENS} tokens: median ${median.toFixed(0)} ms, slowest of ${LETTERS} ${worst.toFixed(0)} ms\n`,
  );
}
await browser.close();
await site.close();
if (isSlow) {
  process.stderr.write(`A letter took longer than ${BOUND} ms to follow.\n`);
  process.exitCode = 1;
}

/** A text of about so many tokens for the model that is loaded, one fewer, so that a letter fits. */
async function textOf(of: Page, tokens: number): Promise<string> {
  let text = WORDS.repeat(20);
  for (let size = Infinity; size > tokens;) {
    text = text.slice(
      0,
      Number.isFinite(size) ? Math.floor((text.length * (tokens - 0.5)) / size) : text.length,
    );
    await of.getByLabel('Text', { exact: true }).fill(text);
    await of.waitForTimeout(500);
    size = await of.locator('[data-token]').count();
  }
  return text;
}

/** Milliseconds that the page takes to follow each of some letters at the end of `text`. */
function typeLetters(of: Page, text: string): Promise<number[]> {
  return of.evaluate(
    async ([begin, count]) => {
      const area = document.querySelector('textarea');
      if (area === null) throw new Error('The page has no field for a text');
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const shown = () =>
        [...document.querySelectorAll('[data-token]')].map(({ textContent }) => textContent).join('');
      const times: number[] = [];
      for (let letter = 0; letter < count; letter++) {
        const before = shown();
        const from = performance.now();
        area.value = `${begin}${String.fromCharCode(97 + (letter % 26))}`;
        area.dispatchEvent(new InputEvent('input', { bubbles: true }));
        while (shown() === before) await frame();
        await frame();
        await frame();
        times.push(performance.now() - from);
        await new Promise((done) => setTimeout(done, 50));
      }
      return times;
    },
    [text, LETTERS] as const,
  );
}
