import { siteIndexSchema, type SiteIndex } from '../../schema/site-index.ts';
import { assets, withBase } from '../../schema/urls.ts';
import { LoadError, loadFile } from './load-file.ts';

/**
 * What the atlas holds, for the pickers.
 *
 * @throws LoadError
 */
export async function loadIndex(base: string, fresh: boolean): Promise<SiteIndex> {
  const url = withBase(base, assets.index());
  const parsed = siteIndexSchema.safeParse(parseJson(await loadFile(url, fresh)));
  if (!parsed.success) {
    throw new LoadError({ kind: 'damaged', reason: `${url} is not the index of an atlas.` });
  }
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
