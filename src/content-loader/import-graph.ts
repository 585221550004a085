import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

/** The scripts of a built site among addresses that a page names, as paths below the site's folder. */
export function siteScripts(named: Iterable<RegExpMatchArray>, base: string): string[] {
  const prefix = `${base.replace(/\/+$/u, '')}/`;
  return Array.from(named, ([, url = '']) => url)
    .filter((url) => url.startsWith(prefix))
    .map((url) => url.slice(prefix.length));
}

/**
 * A function that adds to `reached` a script of a built site and everything that it imports statically, as paths below
 * the site's folder. Each file is read once.
 */
export function importGraph(site: string): (script: string, reached: Set<string>) => Promise<void> {
  const known = new Map<string, Promise<readonly string[]>>();
  const follow = async (script: string, reached: Set<string>): Promise<void> => {
    if (reached.has(script)) return;
    reached.add(script);
    let imports = known.get(script);
    if (imports === undefined) known.set(script, (imports = importsOf(site, script)));
    for (const path of await imports) await follow(path, reached);
  };
  return follow;
}

async function importsOf(site: string, script: string): Promise<string[]> {
  const code = await readFile(join(site, script), 'utf8');
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*["']([^"']+\.m?js)["']/gu)]
    .map((match) => match[1] ?? '')
    .map((path) => (path.startsWith('/') ? path.slice(1) : posix.join(dirname(script), path)));
}
