import { withBase } from '../schema/urls.ts';

/** The config's `assetsBase`, which astro.config.mjs fills in; empty where it has none. */
declare const ATLAS_ASSETS_BASE: string | undefined;

/** The address of a pack, a file beside it or an image of figures: on this site, or below the config's `assetsBase`. */
export function assetUrl(base: string, asset: string): string {
  const other = typeof ATLAS_ASSETS_BASE === 'string' ? ATLAS_ASSETS_BASE : '';
  return withBase(other === '' ? base : other, asset);
}
