import { invalidPack } from '../../schema/errors/site-files.ts';
import { assets } from '../../schema/urls.ts';
import { assetUrl } from '../../site/asset-url.ts';
import { keepLatest } from './keep-latest.ts';
import { openPackFile, type PackFile } from './pack-file.ts';

/** Packs that stay at hand: enough for six panes and a few steps back. */
const keep = keepLatest<PackFile>(12);

/**
 * The pack of all heads of a model on a prompt, opened once as long as it is kept.
 *
 * @throws LoadError, AtlasError `pack-invalid`
 */
export function loadPack(
  base: string,
  { model, prompt }: { readonly model: string; readonly prompt: string },
  fresh: boolean,
): Promise<PackFile> {
  const url = assetUrl(base, assets.pack(model, prompt));
  return keep(url, () => fetchPack(url, model, prompt, fresh), fresh);
}

async function fetchPack(url: string, model: string, prompt: string, fresh: boolean): Promise<PackFile> {
  const file = await openPackFile(url, fresh);
  const { header } = file.pack;
  if (header.model !== model || header.prompt !== prompt) {
    throw invalidPack(`It holds the patterns of ${header.model} on ${header.prompt}.`);
  }
  return file;
}
