import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import { hubName, REPOSITORY_NAME, REVISION_NAME, type HubAddress } from '../../src/schema/hub-address.ts';
import { shardNames } from '../checkpoint/weight-files.ts';
import type { RunContext } from '../run-context.ts';
import { downloadFile, type Patience } from './download-file.ts';
import { findSnapshot, isFile, linkBlob, repositoryPaths, type Snapshot } from './hub-cache.ts';
import { connectHub, type HubClient, type HubFile } from './hub-client.ts';
import type { HubSettings } from './hub-settings.ts';
import { neededFiles, TOKENIZER_FILES } from './needed-files.ts';

/** What bringing a model to hand needs besides its address. */
export interface FetchContext extends Pick<RunContext, 'files' | 'reporter' | 'signal'> {
  readonly settings: HubSettings;
  readonly patience?: Patience;
}

/**
 * The folder of a model of the hub: a snapshot in the cache, downloaded if it is not there. A model that is there whole
 * is used as it is, without asking the hub; a branch thus stays at the commit that it had when it was downloaded.
 *
 * @throws AtlasError those of errors/hub.ts, `model-file-missing` for a repository without config or weights,
 *   `no-space`, `unwritable`
 */
export async function fetchModel(address: HubAddress, context: FetchContext): Promise<string> {
  checkAddress(address);
  const { settings } = context;
  const cached = await findSnapshot(settings.cache, address);
  if (cached?.isComplete === true) return cached.folder;
  if (settings.isOffline) return usable(cached, () => offline(address, settings));
  try {
    return await download(address, context);
  } catch (error) {
    context.signal.throwIfAborted();
    return usable(cached, () => error as Error);
  }
}

/** @throws AtlasError `hub-name-invalid` */
export function checkAddress(address: HubAddress): void {
  const { repository, revision = 'main' } = address;
  if (REPOSITORY_NAME.test(repository) && REVISION_NAME.test(revision)) return;
  throw atlasError('hub-name-invalid', { name: hubName(address) });
}

/** A snapshot without a tokenizer still runs on token ids. */
function usable(cached: Snapshot | undefined, failure: () => Error): string {
  if (cached?.canRun === true) return cached.folder;
  throw failure();
}

function offline(address: HubAddress, { cache }: HubSettings): Error {
  return atlasError('hub-offline', { name: hubName(address), cache });
}

async function download(address: HubAddress, context: FetchContext): Promise<string> {
  const { settings, signal, files, reporter } = context;
  const start = performance.now();
  const client = await connectHub(settings, signal);
  const commit = await client.commitOf(address);
  const listing = await client.list(address, commit);
  const paths = repositoryPaths(settings.cache, address);
  const snapshot = paths.snapshot(commit);
  const { files: needed, index, hasTokenizer } = checkNeeded(address, listing);
  const run = { address, commit, client, listing, context, snapshot };

  let made = await fetchFiles(needed, run);
  const shards = index === undefined ? [] : await shardNames(join(snapshot, index));
  made += await fetchFiles(shards, run);
  if (!hasTokenizer) await files.write(paths.absent(commit, TOKENIZER_FILES[0]), '');
  if (address.revision !== commit) await files.write(paths.ref, commit);
  const seconds = (performance.now() - start) / 1000;
  const reused = needed.length + shards.length - made;
  reporter.finished({ stage: `download of ${hubName(address)}`, made, reused, failed: 0, seconds });
  return snapshot;
}

/** @throws AtlasError `model-file-missing` */
export function checkNeeded(address: HubAddress, listing: ReadonlyMap<string, HubFile>) {
  const names = new Set(listing.keys());
  const needed = neededFiles(names);
  const missing = names.has('config.json')
    ? needed.hasWeights
      ? undefined
      : 'model.safetensors'
    : 'config.json';
  if (missing !== undefined)
    throw atlasError('model-file-missing', { name: missing }, { model: hubName(address) });
  return needed;
}

interface Run {
  readonly address: HubAddress;
  readonly commit: string;
  readonly client: HubClient;
  readonly listing: ReadonlyMap<string, HubFile>;
  readonly context: FetchContext;
  readonly snapshot: string;
}

/** Downloads what the cache lacks of the files, one after the other, and links them into the snapshot. */
async function fetchFiles(names: readonly string[], run: Run): Promise<number> {
  const { address, commit, client, listing, context, snapshot } = run;
  const { blob } = repositoryPaths(context.settings.cache, address);
  const wanted = names.map((name) => {
    const file = listing.get(name);
    if (file === undefined) throw atlasError('model-file-missing', { name }, { model: hubName(address) });
    return file;
  });
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  let made = 0;
  for (const file of wanted) {
    const path = blob(file.etag);
    if (!(await isFile(path))) {
      await downloadFile({
        file,
        path,
        signal: context.signal,
        open: (from, signal) => client.open(address, commit, file.path, from, signal),
        onBytes: progress(context, hubName(address), before, total),
        ...(context.patience === undefined ? {} : { patience: context.patience }),
      });
      made++;
    }
    before += file.bytes;
    await linkBlob(path, join(snapshot, file.path));
  }
  return made;
}

/** Progress of a model's files in whole megabytes. */
function progress({ reporter }: FetchContext, name: string, before: number, total: number) {
  const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
  return (bytes: number) => {
    reporter.progress(`download of ${name}`, megabytes(before + bytes), megabytes(total), 'MB');
  };
}
