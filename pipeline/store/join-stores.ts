import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Measures } from '../stages/measures.ts';
import { beginStage, type StageContext } from '../stages/stage-context.ts';
import type { Files } from './files.ts';
import { PLATFORMS_FOLDER } from './platforms.ts';
import { openStore, STAGES, type StageName, type Store } from './store.ts';

/** What became of the objects of the stores that were joined. */
export interface Joined {
  readonly copied: number;
  /** There already, with the same content. */
  readonly shared: number;
  /** There already under the same name, with another content, which stayed. */
  readonly differing: number;
}

const CHUNK = 2 ** 20;

/**
 * Copies into `target` what it lacks of the objects of other stores. Each is compared with its checksum on the way, and
 * is in the target whole or not at all; the other stores are left as they are.
 *
 * @param dryRun only counts
 * @throws AtlasError `store-damaged`, with the store, for an object that does not fit its checksum; `store-newer`,
 *   `store-unknown`, `no-space`, `unwritable`
 */
export async function joinStores(
  target: Store,
  folders: readonly string[],
  context: StageContext & { readonly files: Files; readonly dryRun: boolean },
): Promise<Joined> {
  const { files, dryRun, signal } = context;
  const objects: { readonly from: Store; readonly stage: StageName; readonly key: string }[] = [];
  for (const folder of folders) {
    const from = openStore(folder, files);
    for (const stage of STAGES) for (const key of await from.keys(stage)) objects.push({ from, stage, key });
  }
  const counter = beginStage(context, 'merge', objects.length);
  let [copied, shared, differing] = [0, 0, 0];
  for (const { from, stage, key } of objects) {
    signal.throwIfAborted();
    const isThere = await target.has(stage, key);
    const isSame = isThere && (await isAlike(target, from, stage, key));
    if (isSame) shared++;
    else if (isThere && stage !== 'measures') differing++;
    else {
      copied++;
      if (!dryRun) await (isThere ? addMeasures(target, from, key) : copy(target, from, stage, key));
      counter.made();
      continue;
    }
    counter.reused();
  }
  if (!dryRun) for (const folder of folders) await copyPlatforms(target, folder, files);
  counter.end();
  return { copied, shared, differing };
}

async function isAlike(target: Store, from: Store, stage: StageName, key: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all([target.seal(stage, key), from.seal(stage, key)]);
  return ours.sha256 === theirs.sha256;
}

async function copy(target: Store, from: Store, stage: StageName, key: string): Promise<void> {
  const { sha256, bytes } = await from.seal(stage, key);
  await target.write(stage, key, checked());

  async function* checked(): AsyncGenerator<Uint8Array> {
    const sum = createHash('sha256');
    for (let at = 0; at < bytes; at += CHUNK) {
      const part = await from.readAt(stage, key, at, Math.min(CHUNK, bytes - at));
      sum.update(part);
      yield part;
    }
    if (sum.digest('hex') !== sha256) {
      throw atlasError('store-damaged', { stage, key }, { file: from.folder });
    }
  }
}

/** The measures of a job are one object, which holds those of any metric. */
async function addMeasures(target: Store, from: Store, key: string): Promise<void> {
  const read = async (store: Store) =>
    JSON.parse(Buffer.from(await store.read('measures', key)).toString()) as Measures;
  const all = { ...(await read(from)), ...(await read(target)) };
  await target.write('measures', key, Buffer.from(JSON.stringify(all)));
}

async function copyPlatforms(target: Store, folder: string, files: Files): Promise<void> {
  for (const name of await files.list(join(folder, PLATFORMS_FOLDER))) {
    const bytes = await files.read(join(folder, PLATFORMS_FOLDER, name));
    const path = join(target.folder, PLATFORMS_FOLDER, basename(name));
    if (bytes !== undefined && (await files.length(path)) === undefined) await files.write(path, bytes);
  }
}
