import { configSchema, type AtlasConfig } from './config.ts';
import { atlasError } from './errors/index.ts';

/** Where the site stands: `site` without a path, `base` with slashes at both ends. */
export interface SiteAddress {
  readonly site: string;
  readonly base: string;
}

/**
 * The site and base of a config, overridden by `ATLAS_SITE` and `ATLAS_BASE` of `environment` (which a deploy sets).
 *
 * @throws AtlasError `config-invalid` when one of them is no address
 */
export function siteAddress(
  config: Pick<AtlasConfig, 'site' | 'base'>,
  environment: Readonly<Record<string, string | undefined>>,
): SiteAddress {
  const { site, base } = configSchema.shape;
  const wantedSite = site.safeParse(given(environment.ATLAS_SITE) ?? config.site);
  const wantedBase = base.safeParse(given(environment.ATLAS_BASE) ?? config.base);
  if (!wantedSite.success) throw atlasError('config-invalid', { problems: ['ATLAS_SITE: not a URL'] });
  if (!wantedBase.success) {
    throw atlasError('config-invalid', { problems: ['ATLAS_BASE: not a path that begins with "/"'] });
  }
  return {
    site: wantedSite.data,
    base: wantedBase.data.endsWith('/') ? wantedBase.data : `${wantedBase.data}/`,
  };
}

/** A variable that is set to nothing counts as not set. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
