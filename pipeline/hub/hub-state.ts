import { atlasError } from '../../src/schema/errors/index.ts';
import { hubName, type HubAddress } from '../../src/schema/hub-address.ts';
import { checkAddress, checkNeeded } from './fetch-model.ts';
import { findSnapshot, isFile, repositoryPaths } from './hub-cache.ts';
import { connectHub } from './hub-client.ts';
import type { HubSettings } from './hub-settings.ts';

/** Whether a model of the hub is at hand. */
export type HubState =
  | { readonly isAtHand: true; readonly folder: string }
  /** What is to be downloaded. */
  | { readonly isAtHand: false; readonly bytes: number };

const SHARD = /^(?:model|pytorch_model)-\d+-of-\d+\.(?:safetensors|bin)$/u;

/**
 * Looks in the cache and, where the model is not there, asks the hub how large it is. Nothing is downloaded.
 *
 * @throws AtlasError of the hub: gated, missing, unreachable, offline
 */
export async function hubState(
  address: HubAddress,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<HubState> {
  checkAddress(address);
  const cached = await findSnapshot(settings.cache, address);
  if (cached?.isComplete === true) return { isAtHand: true, folder: cached.folder };
  if (settings.isOffline) {
    if (cached?.canRun === true) return { isAtHand: true, folder: cached.folder };
    throw atlasError('hub-offline', { name: hubName(address), cache: settings.cache });
  }
  const client = await connectHub(settings, signal);
  const commit = await client.commitOf(address);
  const listing = await client.list(address, commit);
  const { files, index } = checkNeeded(address, listing);
  const ending = index?.includes('safetensors') === true ? 'safetensors' : 'bin';
  const shards =
    index === undefined
      ? []
      : [...listing.keys()].filter((name) => SHARD.test(name) && name.endsWith(ending));
  const { blob } = repositoryPaths(settings.cache, address);
  let bytes = 0;
  for (const name of [...files, ...shards]) {
    const file = listing.get(name);
    if (file !== undefined && !(await isFile(blob(file.etag)))) bytes += file.bytes;
  }
  await client.checkAccess(address, commit);
  return { isAtHand: false, bytes };
}
