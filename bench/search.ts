import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import * as z from 'zod';
import { indexSearch } from '../pipeline/search/index-search.ts';
import { serveSite } from '../pipeline/server/serve-site.ts';
import { createFiles } from '../pipeline/store/files.ts';
import { COLLECTION_FILES, promptRecordSchema } from '../src/schema/records.ts';
import { findBrowser } from '../tests/browser/find-browser.ts';
import { syntheticPrompts } from './synthetic-prompts.ts';

// `npm run bench:search -- [PROMPTS]`: indexes synthetic prompts in place of those of the built default site, and
// searches them in a real Chromium, each query in a browser that has fetched nothing before.

const COUNT = Number(process.argv[2] ?? 10_000);
const RUNS = 5;
const QUERIES: [what: string, query: string][] = [
  ['a common word', 'q=lo'],
  ['a rare word', 'q=karemi'],
  ['three words', 'q=lo mi ren'],
  ['a beginning', 'q=vel'],
  ['a phrase', 'q="lo mi"'],
  ['a word in one set', 'q=lo&set=stories'],
  ['by strongest head', 'q=lo&sort=induction'],
  ['by length', 'q=lo&sort=longest'],
];
const COMPRESSED = /\.(html|css|js|json|svg)$/u;
const say = (text: string) => process.stdout.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), 'atlas-bench-search-'));
const site = join(folder, 'site');
try {
  await cp(resolve('dist'), site, { recursive: true });
  const like = z
    .array(promptRecordSchema)
    .parse(JSON.parse(await readFile(join('content/generated', COLLECTION_FILES.prompts), 'utf8')));
  const prompts = syntheticPrompts(COUNT, like, 1);
  await writeFile(join(folder, COLLECTION_FILES.prompts), JSON.stringify(prompts));
  const characters = prompts.reduce((sum, prompt) => sum + prompt.characters, 0);
  const start = performance.now();
  await indexSearch(site, folder, createFiles());
  const seconds = (performance.now() - start) / 1000;
  say(`${COUNT} synthetic prompts, ${(characters / 1e6).toFixed(1)} million characters`);
  say(`  indexed in                         ${seconds.toFixed(1)} s`);
  const server = await serveSite({ folder: site, base: '/', port: 0 });
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  say('  from the last key to the first results, median of a fresh browser, and what was fetched for it');
  for (const [what, query] of QUERIES) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await searchOnce(browser, server.url, query));
    const [middle] = runs.toSorted((a, b) => a.first - b.first).slice(Math.floor(RUNS / 2));
    if (middle === undefined) continue;
    const { first, again, bytes, pictures, prompts: found } = middle;
    say(
      `  ${what.padEnd(20)} ${first.toFixed(0).padStart(5)} ms, next query ${again.toFixed(0).padStart(4)} ms, ${(bytes / 1000).toFixed(0).padStart(4)} kB + pictures ${(pictures / 1000).toFixed(0)} kB (${found})`,
    );
  }
  await browser.close();
  await server.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

/**
 * Types a query, and one more letter behind it: milliseconds from the submission to the first result in the page, and
 * the bytes that were fetched for the first (texts as a host sends them, compressed).
 */
async function searchOnce(browser: Browser, base: string, query: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const parameters = new URLSearchParams(query);
  const words = parameters.get('q') ?? '';
  parameters.delete('q');
  await page.goto(`${base}search/`, { waitUntil: 'networkidle' });
  let bytes = 0;
  let pictures = 0;
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    void response.body().then(
      (body) => {
        const size = COMPRESSED.test(path) ? gzipSync(body).length : body.length;
        if (path.endsWith('.png')) pictures += size;
        else bytes += size;
      },
      () => undefined,
    );
  });
  for (const [name, value] of parameters)
    await page.evaluate(
      ([id, chosen]) => {
        const select = document.querySelector<HTMLSelectElement>(`select[name="${id ?? ''}"]`);
        if (select !== null) select.value = chosen ?? '';
      },
      [name, value],
    );
  const timed = (text: string) =>
    page.evaluate(async (typed) => {
      const list = document.querySelector('#results');
      const input = document.querySelector<HTMLInputElement>('#query');
      const start = performance.now();
      const shown = new Promise<number>((resolveShown) => {
        const observer = new MutationObserver(() => {
          if (list?.childElementCount === 0) return;
          observer.disconnect();
          resolveShown(performance.now() - start);
        });
        if (list !== null) observer.observe(list, { childList: true });
      });
      if (input !== null) input.value = typed;
      input?.form?.requestSubmit();
      return shown;
    }, text);
  const first = await timed(words);
  await page.waitForLoadState('networkidle');
  const fetched = { bytes, pictures };
  const prompts = (await page.locator('#search-state').textContent()) ?? '';
  const again = await timed(`${words} mi`);
  await context.close();
  return { first, again, prompts, ...fetched };
}
