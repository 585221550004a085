import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launch } from './open-site.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const EXAMPLES = 'examples/own-figures';
const FIGURE = 'entropy-band.ts';
const METRIC = 'digit-attention.ts';

let folder = '';
let port = 0;
let atlas: ChildProcess;
let said = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dev-'));
  for (const file of [FIGURE, METRIC]) await cp(join(EXAMPLES, file), join(folder, file));
  const config = {
    models: [{ path: resolve('models/tiny-gpt2'), prependBos: 'always' }],
    promptSets: [{ file: resolve('content/prompts/sequences.jsonl') }],
    figures: ['raw', `./${FIGURE}`],
    metrics: ['induction', `./${METRIC}`],
  };
  await writeFile(join(folder, 'atlas.config.ts'), `export default ${JSON.stringify(config)};`);
  port = await freePort();
  const args = [
    'pipeline/main.ts',
    'dev',
    '--config',
    join(folder, 'atlas.config.ts'),
    '--port',
    String(port),
  ];
  // Astro serves no page where it takes itself to be a part of Vitest.
  const env = { ...process.env };
  delete env.VITEST;
  atlas = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  atlas.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
});
afterAll(async () => {
  if (atlas.exitCode === null) {
    const ended = new Promise((done) => atlas.once('exit', done));
    atlas.kill('SIGINT');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, done));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return free;
}

async function page(path: string): Promise<string> {
  return (await fetch(`http://localhost:${port}${path}`)).text();
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

const eventually = (check: () => Promise<void> | void) =>
  vi.waitFor(check, { timeout: 30_000, interval: 50 });

test('pages follow a figure that is edited: a shown one is drawn again in place, others are loaded again', async () => {
  await eventually(async () => {
    expect(await page(`/figures/entropy-band/`)).toContain('Entropy band');
  });
  const browser = await launch();
  try {
    const view = await browser.newPage();
    await view.goto(`http://localhost:${port}/view/?figure=entropy-band`);
    const pixels = () =>
      view
        .locator('.plot canvas')
        .first()
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await view.locator('.plot canvas').first().waitFor();
    await view.getByText('bits').first().waitFor();
    const before = await pixels();
    await view.evaluate(() => {
      document.body.dataset.isSamePage = 'yes';
    });
    await edit(FIGURE, (text) => text.replace('share * Math.log2(1 / share)', '0.5 * share'));
    await eventually(async () => {
      expect(await pixels()).not.toBe(before);
    });
    expect(await view.evaluate(() => document.body.dataset.isSamePage)).toBe('yes');

    await view.goto(`http://localhost:${port}/figures/entropy-band/`);
    await edit(FIGURE, (text) => text.replace('reading:\n', "reading: 'So many bits. ' +\n"));
    await view.getByText('So many bits.').first().waitFor();
  } finally {
    await browser.close();
  }
}, 120_000);

test('the site follows files that are edited, errors are told, and an interruption ends it with 130', async () => {
  await eventually(async () => {
    expect(await page(`/figures/entropy-band/`)).toContain('Entropy band');
  });

  await edit(FIGURE, (text) => text.replace("'Entropy band'", "'Band of bits'"));
  await eventually(async () => {
    expect(await page('/figures/entropy-band/')).toContain('Band of bits');
  });

  await edit(FIGURE, (text) => text.replace("output: 'matrix'", "output: 'matrices'"));
  await eventually(() => {
    expect(said).toMatch(/own-definition-invalid[^]*output: Invalid option[^]*\.\/entropy-band\.ts/u);
  });
  await edit(FIGURE, (text) => text.replace("output: 'matrices'", "output: 'matrix'"));

  said = '';
  await edit(METRIC, (text) => text.replace('return sum /', 'return 0 * sum /'));
  await eventually(() => {
    expect(said).toMatch(/metrics +7 made, 0 reused/u);
  });
  expect(said).toMatch(/activations +0 made, 7 reused/u);
  await eventually(async () => {
    const row = /Attention to digits<\/a>.*?<\/tr>/su.exec(await page('/tiny-gpt2/L1/H1/'))?.[0];
    expect(row).toMatch(/mean[^>]*>0(\.0+)?</u);
  });

  const ended = new Promise((done) => atlas.once('exit', done));
  atlas.kill('SIGINT');
  expect(await ended).toBe(130);
  await expect(page('/')).rejects.toThrow();
}, 120_000);
