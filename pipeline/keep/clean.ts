import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { RunContext } from '../run-context.ts';
import { isAbandoned } from '../store/files.ts';
import { runsIn } from '../store/running.ts';
import type { KeptStore } from './open-kept.ts';
import { storedObjects, type StoredObject } from './stored-objects.ts';

/** What `cleanStore` removed, or would. */
export interface CleanResult {
  readonly removed: readonly StoredObject[];
  readonly kept: { readonly objects: number; readonly bytes: number };
  /** Files that killed runs were writing more than a day ago. */
  readonly abandoned: number;
}

/** How many objects are removed before it is asked again whether a run has begun. */
const BATCH = 100;

/**
 * Removes what the config does not refer to; on a dry run only says what.
 *
 * @throws AtlasError `store-in-use` where a run is at work in the store; `clean-unsure` where imported prompts cannot
 *   be read, unless told to keep going
 */
export async function cleanStore(
  kept: KeptStore,
  { files, dryRun, keepGoing, signal }: RunContext,
): Promise<CleanResult> {
  const { store, failures } = kept;
  if (failures.length > 0 && !keepGoing) throw atlasError('clean-unsure', { failures: failures.length });
  const objects = await storedObjects(kept);
  const others = objects.filter(({ unreferenced }) => unreferenced !== undefined);
  const abandoned: string[] = [];
  for (const path of await files.list(store.folder)) {
    if (await isAbandoned(join(store.folder, path), files)) abandoned.push(path);
  }
  if (!dryRun) {
    await refuseIfInUse();
    for (const [at, { stage, key }] of others.entries()) {
      if (at > 0 && at % BATCH === 0) await refuseIfInUse();
      signal.throwIfAborted();
      await store.remove(stage, key);
    }
    for (const path of abandoned) await files.remove(join(store.folder, path), store.folder);
  }
  const left = objects.filter(({ unreferenced }) => unreferenced === undefined);
  return {
    removed: others,
    kept: { objects: left.length, bytes: left.reduce((sum, { bytes }) => sum + bytes, 0) },
    abandoned: abandoned.length,
  };

  async function refuseIfInUse(): Promise<void> {
    const runs = await runsIn(store.folder, files);
    if (runs.length > 0) throw atlasError('store-in-use', { runs }, { file: store.folder });
  }
}
