import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSite, type SiteServer } from '../../pipeline/server/serve-site.ts';
import { promptIdOf } from '../../pipeline/prompts/prompt.ts';
import { paths } from '../../src/schema/urls.ts';
import { viewPath } from '../../src/schema/view-state.ts';
import { smallAtlas, type SmallAtlas } from '../unit/keep/small-atlas.ts';
import { violations } from './axe.ts';
import { launch, openPage } from './open-site.ts';
import { eventually } from './patterns.ts';

const project = resolve(import.meta.dirname, '../..');
const LINES = 900;
/** Texts that a page must show as what they are: by what is hostile about them. */
const TEXTS = {
  script: `</script></title><script>window.hacked = 'script'</script> <img src=x onerror="window.hacked='img'"> end`,
  attribute: `" onmouseover="window.hacked='attribute'" x="' \`\${window.hacked='template'}\` {{7*7}} &lt;b&gt; &amp;`,
  rightToLeft: 'مرحبا بالعالم، שלום עולם and \u202Eeman elif\u202C again',
  zeroWidth: 'zero\u200Bwidth\u200Dand\u2060no\uFEFFbreak zero\u200Bwidth',
  combining: `${['Z', 'a', 'l', 'g', 'o'].map((letter) => letter + '\u0301\u0316\u0327\u0334\u0489'.repeat(2)).join('')} text`,
  emoji: 'A family 👩‍👩‍👧‍👦 and a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and a skin 👍🏽',
  newlines: `${'\n'.repeat(LINES)}the end`,
  unbroken: 'x'.repeat(400),
} as const;
const TOO_LONG = '\n'.repeat(4000);

let browser: Browser;
let atlas: SmallAtlas;
let site: SiteServer;
let said = '';
let status: number | null = 0;

beforeAll(async () => {
  browser = await launch();
  atlas = await smallAtlas();
  // Its positions are rotations, which need no weights: only the config bounds the length of a text.
  const model = join(atlas.folder, 'roomy');
  execFileSync('cp', ['-r', join(project, 'models/tiny-neox'), model]);
  const config = JSON.parse(await readFile(join(model, 'config.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(model, 'config.json'), JSON.stringify({ ...config, max_position_embeddings: 1000 }));
  await atlas.configure({
    title: `An atlas of <i>"hostile"</i> texts & 'more'`,
    models: [{ path: 'roomy' }],
  });
  await atlas.prompts(...Object.values(TEXTS), TOO_LONG);
  ({ status, stderr: said } = atlas.run('build', '--keep-going'));
  const folder = join(atlas.folder, 'dist');
  const environment = { ...process.env, ATLAS_CONFIG: join(atlas.folder, 'atlas.config.ts') };
  execFileSync('npx', ['--no-install', 'astro', 'build', '--outDir', folder], {
    cwd: project,
    env: { ...environment, NODE_ENV: 'production' },
  });
  const index = ['index', '--config', environment.ATLAS_CONFIG, '--path', folder];
  execFileSync(process.execPath, [join(project, 'pipeline/main.ts'), ...index], { stdio: 'ignore' });
  site = await serveSite({ folder, base: '/', port: 0 });
}, 180_000);
afterAll(async () => {
  await browser.close();
  await site.close();
  await atlas.remove();
});

const open = async (path: string) => {
  const watched = await openPage(browser, { viewport: { width: 360, height: 800 } });
  await watched.page.goto(new URL(path.replace(/^\//u, ''), site.url).href, { waitUntil: 'networkidle' });
  const faults = watched.faults.filter((fault) => !fault.startsWith('asked another host'));
  return { page: watched.page, faults };
};
const state = (page: Awaited<ReturnType<typeof open>>['page']) =>
  page.evaluate(() => ({
    hacked: (window as { hacked?: string }).hacked,
    overflow: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  }));

describe('hostile texts', () => {
  it('that are too long fail by name; the others go on', () => {
    expect(status).toBe(0);
    expect(said).toContain('The prompt has 4000 tokens; the model takes 1000.');
  });

  for (const [what, text] of Object.entries(TEXTS)) {
    it(`${what}: the prompt's page and View show them, and nothing of them runs`, async () => {
      const id = promptIdOf(text);
      const prompt = await open(paths.prompt(id));
      expect(await prompt.page.locator('h1').count()).toBe(1);
      expect(await state(prompt.page)).toEqual({ hacked: undefined, overflow: 0 });
      expect(prompt.faults).toEqual([]);
      if (what !== 'newlines') expect(await violations(prompt.page)).toEqual([]);

      const view = await open(
        viewPath(
          { model: 'roomy', stack: 'self', layer: 0, head: 0, prompt: id },
          { pin: { query: 2, key: 1 } },
        ),
      );
      await eventually(() => view.page.locator('.plot canvas').count()).toBe(1);
      await view.page.locator('[data-token]').nth(1).hover();
      expect(await state(view.page)).toEqual({ hacked: undefined, overflow: 0 });
      const shown = await view.page.locator('[data-token]').allTextContents();
      if (what === 'script') expect(shown.join('')).toContain('<script>');
      if (what === 'newlines') expect(shown.length).toBeGreaterThan(LINES);
      expect(view.faults).toEqual([]);
    });
  }

  it('stand in lists, on a head, and in the search, as they are', async () => {
    for (const path of [
      paths.home(),
      paths.prompts(),
      '/roomy/L0/H0/',
      '/roomy/',
      `${paths.search()}?q=zero`,
    ]) {
      const { page, faults } = await open(path);
      expect(await state(page), path).toEqual({ hacked: undefined, overflow: 0 });
      expect(faults, path).toEqual([]);
    }
    const { page } = await open(paths.home());
    expect(await page.locator('h1').textContent()).toBe(`An atlas of <i>"hostile"</i> texts & 'more'`);
  });
});
