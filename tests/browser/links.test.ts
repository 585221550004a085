import { gzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';

/** What a page asks for: its links, pictures, styles, scripts and fonts, absolute, without query and fragment. */
function targetsOf(html: string, url: string): string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"#?]+)[^"]*"/gu)].flatMap(([, target = '']) => {
    const absolute = new URL(target.replaceAll('&amp;', '&'), url);
    return absolute.origin === new URL(url).origin ? [absolute.href] : [];
  });
}

/** Fetches every page that can be reached from `start`; the rest of what they ask for is asked for too. */
async function crawl(start: string) {
  const answers = new Map<string, { readonly status: number; readonly from: string }>();
  const queue = [{ url: start, from: '' }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (answers.has(next.url)) continue;
    const response = await fetch(next.url, { redirect: 'manual' });
    answers.set(next.url, { status: response.status, from: next.from });
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
    if (!isPage) {
      await response.arrayBuffer();
      continue;
    }
    const from = next.url;
    for (const url of new Set(targetsOf(await response.text(), from))) queue.push({ url, from });
  }
  return answers;
}

describe.each(['root', 'below'] as const)('the site at %s', (site) => {
  it('has no dead link, and nothing that a page asks for is missing', async () => {
    const answers = await crawl(inject(site));
    const dead = [...answers].filter(([, { status }]) => status !== 200);
    expect(dead.map(([url, { status, from }]) => `${url} answers ${status}, asked by ${from}`)).toEqual([]);
    const pages = [...answers.keys()].filter((url) => url.endsWith('/'));
    const paths = new Set(pages.map((url) => url.slice(inject(site).length - 1)));
    for (const path of [
      '/models/',
      '/tiny-gpt2/',
      '/tiny-gpt2/L1/',
      '/tiny-gpt2/L1/H2/',
      '/prompts/',
      '/prompts/page/2/',
    ]) {
      expect(paths).toContain(path);
    }
    for (const path of [
      '/heads/',
      '/search/',
      '/figures/raw/',
      '/metrics/entropy/',
      '/about/',
      '/view/',
      '/compare/',
    ]) {
      expect(paths).toContain(path);
    }
    expect(pages.filter((url) => /\/L\d+\/H\d+\/$/u.test(url))).toHaveLength(64);
  });
});

describe('the scripts of a page', () => {
  const ISLAND = '(?:component-url|renderer-url)';

  /** Bytes, compressed, of every module that a page's scripts and islands load; of those in this attribute alone. */
  async function scriptBytes(path: string, attribute = `(?:src|${ISLAND})`): Promise<number> {
    const page = `${inject('root')}${path}`;
    const html = await (await fetch(page)).text();
    const named = new RegExp(String.raw`\s${attribute}="([^"]+\.js)"`, 'gu');
    const queue = [...html.matchAll(named)].map(([, url = '']) => url);
    const seen = new Map<string, number>();
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const url = new URL(next, page).href;
      if (seen.has(url)) continue;
      const text = await (await fetch(url)).text();
      seen.set(url, gzipSync(text).length);
      for (const [, name = ''] of text.matchAll(/(?:from|import)\s*["'](\.\/[^"']+\.js)["']/gu)) {
        queue.push(new URL(name, url).href);
      }
    }
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  it.each([
    ['view/', 90_000],
    ['compare/', 90_000],
    ['heads/', 60_000],
    ['live/', 60_000],
  ])('of the island on /%s fit into %i bytes', async (path, most) => {
    const bytes = await scriptBytes(path);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(most);
  });

  it("of a head's page fit into 10 kB, and its island, fetched when the figures come into sight, into 60 kB", async () => {
    for (const [attribute, most] of [
      ['src', 10_000],
      [ISLAND, 60_000],
    ] as const) {
      const bytes = await scriptBytes('tiny-neox/L1/H2/', attribute);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(most);
    }
  });

  it('of /search/ fit into 20 kB before anybody searches', async () => {
    expect(await scriptBytes('search/')).toBeLessThan(20_000);
  });

  it.each(['', 'models/', 'tiny-gpt2/', 'tiny-gpt2/L1/', 'prompts/', 'about/'])(
    'of /%s, which has no island, fit into 10 kB',
    async (path) => {
      const bytes = await scriptBytes(path);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(10_000);
    },
  );
});
