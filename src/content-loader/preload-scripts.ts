import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import pMap from 'p-map';
import { importGraph, siteScripts } from './import-graph.ts';

/**
 * Names in each page's head the scripts that run at once, the page's own and its islands', with all they import. Browsers
 * would find a script's imports only when they have read it, a round trip for each level of them.
 */
export function preloadScripts(): AstroIntegration {
  let base = '/';
  return {
    name: 'pattern-atlas-preload-scripts',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = `${config.base.replace(/\/+$/u, '')}/`;
      },
      'astro:build:done': async ({ dir }) => {
        const site = fileURLToPath(dir);
        const imports = importGraph(site);
        const pages = (await readdir(site, { recursive: true })).filter((path) => path.endsWith('.html'));
        const name = async (page: string): Promise<void> => {
          const html = await readFile(join(site, page), 'utf8');
          const reached = new Set<string>();
          for (const script of immediateScripts(html, base)) await imports(script, reached);
          if (reached.size === 0) return;
          const links = [...reached].sort().map((path) => `<link rel="modulepreload" href="${base}${path}">`);
          await writeFile(join(site, page), html.replace('</head>', `${links.join('')}</head>`));
        };
        await pMap(pages, name, { concurrency: 16 });
      },
    },
  };
}

/** The files, below the site's folder, that a page loads as soon as it is read. */
function immediateScripts(html: string, base: string): string[] {
  const islands = html.match(/<astro-island[^>]*\bclient="load"[^>]*>/gu) ?? [];
  const ofIslands = islands.flatMap((island) => [
    ...island.matchAll(/(?:component|renderer)-url="([^"]+)"/gu),
  ]);
  return siteScripts([...ofIslands, ...html.matchAll(/<script type="module" src="([^"]+)"/gu)], base);
}
