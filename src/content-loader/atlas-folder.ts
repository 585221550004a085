import { dirname, join, resolve } from 'node:path';

/** The config that the site is built from: `ATLAS_CONFIG`, or the project's own. Absolute. */
export function atlasFile(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment.ATLAS_CONFIG;
  return resolve(named === undefined || named === '' ? 'atlas.config.ts' : named);
}

/** A path in the config's folder, where the pipeline puts what the site is built from. */
export function inAtlasFolder(...path: readonly string[]): string {
  return join(dirname(atlasFile()), ...path);
}
