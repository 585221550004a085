import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importGraph, siteScripts } from '../src/content-loader/import-graph.ts';

/** What one page makes a browser fetch before anybody touches it. */
export interface PageWeight {
  /** Below the site's folder. */
  readonly page: string;
  readonly htmlBytes: number;
  /** JavaScript that the page loads by itself: scripts, islands and all they import statically; gzip level 9. */
  readonly scriptBytes: number;
  readonly scripts: readonly string[];
}

/** Weighs every page of a built site. `base` is the site's base path. */
export async function weighPages(site: string, base: string): Promise<PageWeight[]> {
  const pages = (await readdir(site, { recursive: true })).filter((path) => path.endsWith('.html')).sort();
  const imports = importGraph(site);
  return Promise.all(
    pages.map(async (page) => {
      const html = await readFile(join(site, page), 'utf8');
      const reached = new Set<string>();
      for (const script of scriptsOf(html, base)) await imports(script, reached);
      const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/gu)].map(
        (match) => match[1] ?? '',
      );
      const files = await Promise.all([...reached].map((script) => readFile(join(site, script))));
      const scriptBytes = [...files, ...inline.map((text) => Buffer.from(text))].reduce(
        (sum, bytes) => sum + gzipped(bytes),
        0,
      );
      return { page, htmlBytes: gzipped(Buffer.from(html)), scriptBytes, scripts: [...reached].sort() };
    }),
  );
}

function gzipped(bytes: Buffer): number {
  return bytes.length === 0 ? 0 : gzipSync(bytes, { level: 9 }).length;
}

/** Scripts that the HTML names: module scripts, preloads, and an island's component and renderer. */
function scriptsOf(html: string, base: string): string[] {
  const named = html.matchAll(
    /(?:src|href|component-url|renderer-url|before-hydration-url)="([^"]+\.m?js)"/gu,
  );
  return siteScripts(named, base);
}
