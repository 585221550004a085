import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import sirv from 'sirv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveSite, type SiteServer } from '../../pipeline/server/serve-site.ts';
import { launch, openPage } from './open-site.ts';

const project = resolve(import.meta.dirname, '../..');
/** What docs/scale.md says to put on the other host. */
const MOVED = ['packs', 'figures'];

let folder: string;
let browser: Browser;
let site: SiteServer;
let host: Server;
let prompt: string;
/** Whether the other host sends packs with one byte changed. */
let damages = false;
/** Paths and ranges that the other host was asked for. */
const asked: { readonly path: string; readonly range: string | undefined }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-assets-'));
  await cp(join(project, 'models/tiny-gpt2'), join(folder, 'tiny-gpt2'), { recursive: true });
  await writeFile(
    join(folder, 'prompts.jsonl'),
    '{"text": "one two three one two three"}\n{"text": "Tom"}\n',
  );
  host = await serveAssets(join(folder, 'assets'));
  const { port } = host.address() as AddressInfo;
  const config = {
    models: [{ path: 'tiny-gpt2' }],
    promptSets: [{ file: 'prompts.jsonl' }],
    assetsBase: `http://localhost:${port}/atlas/`,
  };
  const file = join(folder, 'atlas.config.ts');
  await writeFile(file, `export default ${JSON.stringify(config)};\n`);
  const built = join(folder, 'dist');
  const run = (...words: string[]) =>
    execFileSync('npx', ['--no-install', ...words], {
      cwd: project,
      env: { ...process.env, NODE_ENV: 'production', ATLAS_CONFIG: file },
      stdio: 'ignore',
    });
  run('atlas', 'build', '--config', file);
  run('astro', 'build', '--outDir', built);
  for (const name of MOVED) {
    await cp(join(built, 'generated', name), join(folder, 'assets/atlas/generated', name), {
      recursive: true,
    });
    await rename(join(built, 'generated', name), join(folder, `left-out-${name}`));
  }
  site = await serveSite({ folder: built, base: '/', port: 0 });
  const index = (await (await fetch(`${site.url}generated/index.json`)).json()) as {
    prompts: { id: string }[];
  };
  prompt = index.prompts[0]?.id ?? '';
  browser = await launch();
}, 300_000);

afterAll(async () => {
  await browser.close();
  await site.close();
  host.close();
  await rm(folder, { recursive: true });
});

/** A plain file server that lets pages of other origins read, as a bucket with CORS does. */
async function serveAssets(root: string): Promise<Server> {
  const files = sirv(root, { dev: true, etag: true });
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', range: request.headers.range });
    response.setHeader('access-control-allow-origin', '*');
    if (damages && request.url?.endsWith('.pack') === true) damage(response);
    files(request, response, () => {
      response.writeHead(404).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

/** Changes the last byte that is sent, which is in the values of the last head. */
function damage(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean;
  response.write = (chunk: Uint8Array) => {
    const changed = Uint8Array.from(chunk);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 0xff;
    return write(changed);
  };
}

const viewOf = (head: string) => `${site.url}view/?model=tiny-gpt2&layer=1&head=${head}&prompt=${prompt}`;

/** Opens a page; gives what it shows, and what went wrong but for asking the other host, which it must. */
async function open(url: string) {
  const { page, faults } = await openPage(browser);
  await page.goto(url);
  const hosts = [new URL(site.url).host, `localhost:${(host.address() as AddressInfo | null)?.port}`];
  const wrong = () =>
    faults.filter((fault) => !hosts.some((each) => fault.startsWith(`asked another host: http://${each}/`)));
  return { page, wrong };
}

it('packs and images come from the other origin, and the policy allows no third', async () => {
  const { page, wrong } = await open(viewOf('2'));
  await page.locator('canvas').first().waitFor();
  expect(asked.some(({ path }) => path === `/atlas/generated/packs/tiny-gpt2/${prompt}.pack`)).toBe(true);

  await page.goto(`${site.url}prompts/${prompt}/`);
  const images = page.locator(`image, img`);
  const sources = await images.evaluateAll((all) =>
    all.map((each) => each.getAttribute('href') ?? each.getAttribute('src') ?? ''),
  );
  const plates = sources.filter((source) => source.includes('/generated/figures/'));
  expect(plates.length).toBeGreaterThan(0);
  expect(plates.every((source) => source.startsWith('http://localhost:'))).toBe(true);
  await expect.poll(() => asked.some(({ path }) => path.endsWith('.png'))).toBe(true);

  expect(wrong()).toEqual([]);

  const policy = await page.locator('meta[http-equiv="content-security-policy" i]').getAttribute('content');
  const { port } = host.address() as AddressInfo;
  expect(policy).toContain(`connect-src 'self' http://localhost:${port};`);
  expect(policy).toContain(`img-src 'self' blob: http://localhost:${port};`);
  const third = await page.evaluate(() => fetch('http://localhost:9/').then(String, () => 'refused'));
  expect(third).toBe('refused');
  expect(wrong().join('\n')).toMatch(/Content.Security.Policy/iu);
}, 60_000);

it('the other host answers byte ranges, which pages of this site may ask for', async () => {
  const { page } = await open(site.url);
  const { port } = host.address() as AddressInfo;
  const url = `http://localhost:${port}/atlas/generated/packs/tiny-gpt2/${prompt}.pack`;
  const answer = await page.evaluate(async (address) => {
    const response = await fetch(address, { headers: { range: 'bytes=0-7' } });
    return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
  }, url);
  expect(answer).toEqual({ status: 206, bytes: 8 });
  expect(asked.at(-1)).toMatchObject({ range: 'bytes=0-7' });
}, 60_000);

it('a pack whose checksum is wrong is not drawn, and the page says why', async () => {
  damages = true;
  const { page } = await open(viewOf('3'));
  const alert = page.getByRole('alert');
  await expect.poll(() => alert.textContent(), { timeout: 10_000 }).toMatch(/arrived damaged/u);
  damages = false;
}, 60_000);

it('an unreachable host is told, with a way to try again', async () => {
  await new Promise((done) => {
    host.close(done);
    host.closeAllConnections();
  });
  const { page } = await open(viewOf('2'));
  const alert = page.getByRole('alert');
  await expect.poll(() => alert.textContent(), { timeout: 10_000 }).toContain('could not be fetched');
  await page.getByRole('button', { name: 'Try again' }).waitFor();
}, 60_000);
