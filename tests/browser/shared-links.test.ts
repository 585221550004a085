import sharp from 'sharp';
import { describe, expect, inject, it } from 'vitest';
import { pageKinds } from './open-site.ts';

const attribute = (html: string, pattern: RegExp) => pattern.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
const property = (html: string, name: string) =>
  attribute(html, new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`, 'u'));
const read = async (url: string) => (await fetch(url)).text();

/** Pages at every place of the sitemap, as paths below the base. */
async function listed(at: string): Promise<string[]> {
  const xml = await read(`${at}sitemap.xml`);
  return [...xml.matchAll(/<loc>([^<]*)<\/loc>/gu)].map(([, url = '']) => url);
}

describe.each(['root', 'below'] as const)('links to the site at %s', (site) => {
  const base = () => new URL(inject(site)).pathname;

  it('show a picture of 1200 x 630 for every kind of page, under an absolute address', async () => {
    const kinds = await pageKinds();
    const pictures = new Map<string, string>();
    for (const [kind, path] of kinds) {
      const html = await read(`${inject(site)}${path}`);
      const picture = new URL(property(html, 'og:image'));
      expect(picture.pathname, kind).toMatch(new RegExp(`^${base()}.*card\\.png$`, 'u'));
      const answer = await fetch(new URL(picture.pathname, inject(site)));
      expect([kind, answer.status]).toEqual([kind, 200]);
      const { format, width, height } = await sharp(await answer.arrayBuffer()).metadata();
      expect([kind, format, width, height]).toEqual([kind, 'png', 1200, 630]);
      expect(property(html, 'og:image:width')).toBe('1200');
      expect(property(html, 'og:image:height')).toBe('630');
      expect(property(html, 'og:image:alt')).not.toBe('');
      expect(property(html, 'og:type')).toBe('website');
      expect(property(html, 'twitter:card')).toBe('summary_large_image');
      pictures.set(kind, picture.pathname.slice(base().length));
    }
    expect(pictures.get('home')).toBe('card.png');
    expect(pictures.get('model')).toBe('tiny-gpt2/card.png');
    expect(pictures.get('layer')).toBe('tiny-gpt2/card.png');
    expect(pictures.get('head')).toBe('tiny-gpt2/L1/H2/card.png');
    expect(pictures.get('prompt')).toMatch(/^prompts\/[\w-]{22}\/card\.png$/u);
  });

  it('have one address a page, the same in the page, its picture and the sitemap', async () => {
    const canonical: string[] = [];
    for (const [kind, path] of await pageKinds()) {
      const html = await read(`${inject(site)}${path}`);
      const href = attribute(html, /<link rel="canonical" href="([^"]*)"/u);
      expect(property(html, 'og:url'), kind).toBe(href);
      expect(new URL(property(html, 'og:image')).origin).toBe(new URL(href).origin);
      if (kind === 'not found') continue;
      expect(new URL(href).pathname).toBe(`${base()}${path.replace(/\?.*$/u, '')}`);
      canonical.push(href);
    }
    expect(await listed(inject(site))).toEqual(expect.arrayContaining(canonical));
  });

  it('are all in the sitemap, which holds nothing else, and robots.txt says where that is', async () => {
    const addresses = await listed(inject(site));
    expect(new Set(addresses).size).toBe(addresses.length);
    const paths = addresses.map((url) => new URL(url).pathname);
    const seen = new Set([base()]);
    const queue = [base()];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const html = await read(new URL(next, inject(site)).href);
      for (const [, href = ''] of html.matchAll(/<a\s[^>]*href="(\/[^"#?]*\/)(?:[?#][^"]*)?"/gu)) {
        if (seen.has(href)) continue;
        seen.add(href);
        queue.push(href);
      }
    }
    expect(paths.toSorted()).toEqual([...seen].sort());
    const robots = await read(`${inject(site)}robots.txt`);
    const sitemap = new URL(`${base()}sitemap.xml`, addresses[0]).href;
    expect(robots.split('\n')).toContain(`Sitemap: ${sitemap}`);
  });
});
