import type { APIRoute } from 'astro';
import { assets, withBase } from '../schema/urls.ts';

/** Everything may be read; where the list of pages is. Robots ask for it at the root of a host only. */
export const GET: APIRoute = ({ site }) => {
  const sitemap = new URL(withBase(import.meta.env.BASE_URL, assets.sitemap()), site).href;
  return new Response(`User-agent: *\nAllow: /\n\nSitemap: ${sitemap}\n`);
};
