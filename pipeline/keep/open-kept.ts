import type { AtlasError } from '../../src/schema/errors/index.ts';
import { loadConfig, storeFolder, type LoadedConfig } from '../load-config.ts';
import { planJobs } from '../plan-jobs.ts';
import type { RunContext } from '../run-context.ts';
import type { Job } from '../stages/plan.ts';
import { openStore, type Store } from '../store/store.ts';
import { wantedObjects, type WantedObject } from './wanted-objects.ts';

/** A store beside what a config refers to. */
export interface KeptStore {
  readonly loaded: LoadedConfig;
  readonly store: Store;
  readonly jobs: readonly Job[];
  readonly wanted: readonly WantedObject[];
  /** Imported prompts that cannot be read: what they refer to is not known. */
  readonly failures: readonly AtlasError[];
}

/**
 * Opens a store and finds what a config refers to. Nothing is written or downloaded.
 *
 * @param folder of the store; the config's if left out
 * @throws AtlasError of the config, its prompts and models; `hub-not-at-hand`, `store-newer`
 */
export async function openKept(
  config: string,
  folder: string | undefined,
  context: RunContext,
): Promise<KeptStore> {
  const loaded = await loadConfig(config);
  const store = openStore(folder ?? storeFolder(loaded), context.files);
  const failures: AtlasError[] = [];
  const silent = {
    ...context,
    reporter: { ...context.reporter, progress: () => undefined, finished: () => undefined },
  };
  const { jobs } = await planJobs(loaded, store, { ...silent, dryRun: true, failures });
  return { loaded, store, jobs, wanted: await wantedObjects(loaded, jobs), failures };
}
