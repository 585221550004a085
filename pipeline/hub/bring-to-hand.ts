import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { resolveModelName } from '../../src/engine/model-names/resolve-model-name.ts';
import { hubName, type HubAddress } from '../../src/schema/hub-address.ts';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import type { ConfiguredModel, ModelPlace, ModelSource } from '../load-config.ts';
import type { RunContext } from '../run-context.ts';
import { fetchModel } from './fetch-model.ts';
import { findSnapshot } from './hub-cache.ts';
import { readHubSettings } from './hub-settings.ts';

/**
 * The model with its files in a folder of this machine; one of the hub is downloaded where the cache lacks it.
 *
 * @throws AtlasError those of `fetchModel`; `hub-not-at-hand` on a dry run, which downloads nothing
 */
export async function bringToHand(model: ConfiguredModel, context: RunContext): Promise<ModelSource> {
  const { place, ...rest } = model;
  return { ...rest, folder: await folderOf(place, context) };
}

/**
 * The folder of a model that a person names on the command line: a folder, a repository of the hub (`owner/name`), or
 * a name of TransformerLens's, the last two with `@revision` if need be. A folder of that name goes first.
 *
 * @throws AtlasError those of `fetchModel`, `model-name-unknown`
 */
export async function modelFolder(name: string, context: RunContext): Promise<string> {
  const hub = (await isFolder(name)) ? undefined : await hubAddressOf(name);
  return folderOf(hub === undefined ? { folder: name } : { hub }, context);
}

/** What a name means on the hub; undefined where it means nothing there, or rather a path of this machine. */
export async function hubAddressOf(name: string): Promise<HubAddress | undefined> {
  const isPath = /^[.~/\\]|[\\]|\/.*\//u.test(name.replace(/@.*/u, ''));
  // `models/tiny-gtp2` beside a folder `models` is a misspelled folder, not a model of an owner called "models".
  if (isPath || (name.includes('/') && (await isFolder(dirname(name))))) return undefined;
  try {
    const { repository, revision } = resolveModelName(name);
    return { repository, ...(revision === undefined ? {} : { revision }) };
  } catch (error) {
    if (error instanceof AtlasError && error.code === 'model-name-unknown') return undefined;
    throw error;
  }
}

async function folderOf(place: ModelPlace, context: RunContext): Promise<string> {
  if ('folder' in place) return place.folder;
  const settings = await readHubSettings(process.env);
  if (!context.dryRun) return fetchModel(place.hub, { ...context, settings });
  const cached = await findSnapshot(settings.cache, place.hub);
  if (cached?.canRun === true) return cached.folder;
  throw atlasError('hub-not-at-hand', { name: hubName(place.hub) });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
