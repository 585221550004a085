import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveSite } from '../../pipeline/server/serve-site.ts';
import { findBrowser } from './find-browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of a Chromium. */
    browser: string;
    /** Where the built site stands at the root of a host, with a slash at its end. */
    root: string;
    /** Where the same site stands, built for `/pattern-atlas/` and served below it. */
    below: string;
  }
}

const folder = resolve(import.meta.dirname, '../..');
const BASE = '/pattern-atlas/';
const SOURCES = [
  'src/**/*',
  'content/**/*',
  'models/**/*',
  'public/*.*',
  'public/generated/manifest.json',
  'pipeline/**/*',
  '{astro,atlas}.config.*',
  'package-lock.json',
];

/** Builds the site, at the root and below a base path, where it is older than its sources; serves both. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folders = { root: resolve(folder, 'dist'), below: resolve(folder, 'dist-below') };
  project.provide('browser', findBrowser());
  if (isStale(folders.root)) npm(['run', '--silent', 'build'], {});
  if (isStale(folders.below)) {
    npm(['exec', '--', 'astro', 'build', '--outDir', folders.below], { ATLAS_BASE: BASE });
    npm(['run', '--silent', 'atlas', '--', 'index', '--path', folders.below], { ATLAS_BASE: BASE });
  }
  const root = await serveSite({ folder: folders.root, base: '/', port: 0 });
  const below = await serveSite({ folder: folders.below, base: BASE, port: 0 });
  project.provide('root', root.url);
  project.provide('below', below.url);
  return async () => {
    await Promise.all([root.close(), below.close()]);
  };
}

function isStale(site: string): boolean {
  const last = resolve(site, 'pagefind/pagefind-entry.json'); // a build that broke off before is not whole
  if (!existsSync(last)) return true;
  const built = statSync(last).mtimeMs;
  return globSync(SOURCES, { cwd: folder }).some((file) => {
    const { mtimeMs, isDirectory } = statOf(resolve(folder, file));
    return !isDirectory && mtimeMs > built;
  });
}

function statOf(path: string): { mtimeMs: number; isDirectory: boolean } {
  const stat = statSync(path);
  return { mtimeMs: stat.mtimeMs, isDirectory: stat.isDirectory() };
}

function npm(command: readonly string[], environment: Readonly<Record<string, string>>): void {
  execFileSync('npm', command, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: 'inherit',
  });
}
