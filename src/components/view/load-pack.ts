import { openPack } from '../../core/pack/decode-pack.ts';
import type { OpenedPack } from '../../core/pack/header.ts';
import { invalidPack } from '../../schema/errors/site-files.ts';
import { assets } from '../../schema/urls.ts';
import { assetUrl } from '../../site/asset-url.ts';
import { keepLatest } from './keep-latest.ts';
import { loadFile } from './load-file.ts';

export interface LoadedPack {
  readonly file: Uint8Array;
  readonly pack: OpenedPack;
}

/** Packs that stay at hand: enough for six panes and a few steps back. */
const keep = keepLatest<LoadedPack>(12);

/**
 * The pack of all heads of a model on a prompt, fetched once as long as it is kept.
 *
 * @throws LoadError, AtlasError `pack-invalid`
 */
export function loadPack(
  base: string,
  { model, prompt }: { readonly model: string; readonly prompt: string },
  fresh: boolean,
): Promise<LoadedPack> {
  const url = assetUrl(base, assets.pack(model, prompt));
  return keep(url, () => fetchPack(url, model, prompt, fresh), fresh);
}

async function fetchPack(url: string, model: string, prompt: string, fresh: boolean): Promise<LoadedPack> {
  const file = await loadFile(url, fresh);
  const pack = openPack(file);
  if (pack.header.model !== model || pack.header.prompt !== prompt) {
    const holds = `${pack.header.model} on ${pack.header.prompt}`;
    throw invalidPack(`It holds the patterns of ${holds}.`);
  }
  return { file, pack };
}
