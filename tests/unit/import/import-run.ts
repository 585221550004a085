import { join } from 'node:path';
import { prepareImports } from '../../../pipeline/import/prepare-imports.ts';
import { computeActivations } from '../../../pipeline/stages/activations.ts';
import { readStoredPatterns, type StoredPatterns } from '../../../pipeline/stages/read-patterns.ts';
import type { Job } from '../../../pipeline/stages/plan.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, type Store } from '../../../pipeline/store/store.ts';
import type { AtlasError } from '../../../src/schema/errors/index.ts';

export const quiet = {
  note: () => undefined,
  warn: () => undefined,
  progress: () => undefined,
  finished: () => undefined,
};

/** What an import came to. */
export interface ImportRun {
  readonly store: Store;
  readonly jobs: readonly Job[];
  readonly stored: readonly Job[];
  readonly failures: readonly AtlasError[];
  patterns(job: Job): Promise<StoredPatterns>;
}

/** Imports `source`, a folder, into a store beside it. */
export async function runImport(folder: string, source: string, name?: string): Promise<ImportRun> {
  const files = createFiles();
  const store = openStore(join(folder, 'store'), files);
  const failures: AtlasError[] = [];
  const context = { files, dryRun: false, reporter: quiet, signal: new AbortController().signal, failures };
  const imports = [{ source, folder: source, ...(name !== undefined && { name }) }];
  const { jobs } = await prepareImports({ models: [], imports, sets: [] }, [], store, context);
  const stored = await computeActivations(jobs, store, context, { force: false });
  return {
    store,
    jobs,
    stored,
    failures,
    patterns: async (job) => readStoredPatterns(await store.read('activations', job.activationsKey)),
  };
}
