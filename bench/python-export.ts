import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { serveSite } from '../pipeline/server/serve-site.ts';
import { decodePattern, openPack } from '../src/core/pack/decode-pack.ts';
import { siteIndexSchema } from '../src/schema/site-index.ts';
import { assets } from '../src/schema/urls.ts';
import { viewPath } from '../src/schema/view-state.ts';
import { findBrowser } from '../tests/browser/find-browser.ts';

/*
 * Runs the Python that the page /view/ of the built site offers on the NPZ that it saves, with a real Python and NumPy,
 * and compares every value with the pack: `node bench/python-export.ts [PYTHON]`.
 */
const [python = 'python3'] = process.argv.slice(2);

const { models, prompts } = siteIndexSchema.parse(
  JSON.parse(await readFile('dist/generated/index.json', 'utf8')),
);
const [model, prompt] = [models[0]?.id ?? '', prompts[0]?.id ?? ''];
const address = { model, stack: models[0]?.stacks[0]?.stack ?? 'self', layer: 1, head: 2, prompt } as const;
const site = await serveSite({ folder: resolve('dist'), base: '/', port: 0 });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const folder = await mkdtemp(join(tmpdir(), 'atlas-python-'));
try {
  const page = await browser.newPage();
  await page.goto(new URL(viewPath(address).slice(1), site.url).href, { waitUntil: 'networkidle' });
  await page.getByText('Open it in Python').click();
  const snippet = await page.getByLabel('Python, for the NPZ').inputValue();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'NPZ', exact: true }).click();
  const download = await downloading;
  await download.saveAs(join(folder, download.suggestedFilename()));
  const code = `${snippet}\nimport json; print(json.dumps([str(pattern.dtype), pattern.tolist()]))`;
  const lines = execFileSync(python, ['-c', code], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  const [dtype, rows] = JSON.parse(lines.at(-1) ?? '') as [string, number[][]];

  const file = new Uint8Array(await readFile(join('dist', assets.pack(model, prompt))));
  const pattern = decodePattern(file, openPack(file), address);
  const isSame =
    dtype === 'float32' &&
    rows.length === pattern?.rows &&
    rows.flat().every((value, at) => Math.fround(value) === pattern.values[at]);
  process.stdout.write(
    `${lines.slice(0, -1).join('\n')}\n${rows.length} rows, ${isSame ? 'all as in the pack' : 'not as in the pack'}\n`,
  );
  process.exitCode = isSame ? 0 : 1;
} finally {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
}
