import { join } from 'node:path';
import pMap from 'p-map';
import { isTemporary, type Files } from '../store/files.ts';
import { PLATFORMS_FOLDER } from '../store/platforms.ts';
import { RUNS_FOLDER } from '../store/running.ts';
import { STORE_MARK } from '../store/store-mark.ts';
import { openStore, STAGES } from '../store/store.ts';
import type { Finding, Verified } from './verified.ts';

/** Objects read at once: a disk reads few as fast as many. */
const AT_ONCE = 4;
const OWN_FOLDERS = new RegExp(`^(?:${RUNS_FOLDER}|${PLATFORMS_FOLDER})/`, 'u');
const OBJECT = /^[0-9a-f]{64}$/u;

/**
 * Reads every object of a store and compares it with its seal.
 *
 * @param repair removes the damaged ones, which the next run makes again
 * @throws AtlasError `store-newer`, `store-unknown`, `unreadable`
 */
export async function verifyStore(
  folder: string,
  {
    files,
    repair,
    signal,
    progress,
  }: {
    readonly files: Files;
    readonly repair: boolean;
    readonly signal: AbortSignal;
    readonly progress: (done: number, total: number) => void;
  },
): Promise<Verified> {
  const store = openStore(folder, files);
  const objects = [];
  for (const stage of STAGES) for (const key of await store.keys(stage)) objects.push({ stage, key });
  const wrong: Finding[] = [];
  let done = 0;
  await pMap(
    objects,
    async ({ stage, key }) => {
      signal.throwIfAborted();
      if (!(await store.isSound(stage, key)) && (await store.size(stage, key)) !== undefined) {
        if (repair) await store.remove(stage, key);
        wrong.push({
          path: `${stage}/${key.slice(0, 2)}/${key}`,
          problem: `its content does not fit its checksum${repair ? '; removed' : ''}`,
        });
      }
      progress(++done, objects.length);
    },
    { concurrency: AT_ONCE },
  );
  const known = new Set(objects.map(({ stage, key }) => `${stage}/${key.slice(0, 2)}/${key}`));
  const extra = (await files.list(folder)).filter(
    (path) => !known.has(path) && path !== STORE_MARK && !OWN_FOLDERS.test(path) && !isTemporary(path),
  );
  return { kind: 'store', path: folder, checked: objects.length, wrong: wrong.sort(byPath), extra };
}

/** Whether a folder is that of a store, of this version or another. */
export async function isStore(folder: string, files: Files): Promise<boolean> {
  if ((await files.length(join(folder, STORE_MARK))) !== undefined) return true;
  for (const stage of STAGES) {
    const names = await files.list(join(folder, stage));
    if (names.some((name) => OBJECT.test(name.split('/').at(-1) ?? ''))) return true;
  }
  return false;
}

function byPath(a: Finding, b: Finding): number {
  return a.path < b.path ? -1 : 1;
}
