import type { APIRoute } from 'astro';
import { addressOf, atlasData } from '../content-loader/atlas-data.ts';
import { paths, withBase } from '../schema/urls.ts';
import { promptPageCount } from '../site/prompt-pages.ts';

/** Addresses that a sitemap may hold (sitemaps.org); those of what an atlas is asked for most come first. */
const MOST = 50_000;

/** The address of every page, for search engines. */
export const GET: APIRoute = async ({ site }) => {
  const { atlas, heads, models, prompts } = await atlasData();
  const pages = new Set([
    paths.home(),
    paths.models(),
    paths.heads(),
    paths.view(),
    paths.compare(),
    paths.live(),
    paths.search(),
    paths.about(),
    paths.figures(),
    ...atlas.figures.map(paths.figure),
    paths.metrics(),
    ...atlas.metrics.map(paths.metric),
    ...models.map(({ id }) => paths.model(id)),
    ...heads.map((head) => paths.head(addressOf(head))),
    ...prompts.map(({ id }) => paths.prompt(id)),
    ...Array.from({ length: promptPageCount(prompts) }, (_, index) => paths.prompts(index + 1)),
    ...heads.map(({ model, stack, layer }) => paths.layer(model, stack, layer)),
  ]);
  const rows = [...pages]
    .slice(0, MOST)
    .map((path) => `<url><loc>${new URL(withBase(import.meta.env.BASE_URL, path), site).href}</loc></url>`);
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${rows.join('\n')}\n</urlset>\n`,
  );
};
