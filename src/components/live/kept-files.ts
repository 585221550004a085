import type { LiveFile } from './live-model.ts';

/** Where files stay between visits. */
const CACHE = 'pattern-atlas-live';

/** A browser offers no cache to a page that came without encryption, nor where it is forbidden. */
function openCache(): Promise<Cache | undefined> {
  return typeof caches === 'undefined'
    ? Promise.resolve(undefined)
    : caches.open(CACHE).catch(() => undefined);
}

/** Files are kept by their content, so that a file of a new build is another one, and a shared one is kept once. */
function keyOf({ sha256 }: LiveFile): string {
  return `${location.origin}/${CACHE}/${sha256}`;
}

export async function keptFile(file: LiveFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await (await openCache())?.match(keyOf(file)).catch(() => undefined);
  return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer());
}

/** Keeps a file for the next visit where there is room. */
export async function keepFile(file: LiveFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  // Without room the file is fetched again next time, which is no fault of this visit.
  await (await openCache())?.put(keyOf(file), new Response(bytes)).catch(() => undefined);
}

export async function forgetFile(file: LiveFile): Promise<void> {
  await (await openCache())?.delete(keyOf(file)).catch(() => undefined);
}

/** Whether every one of `files` is kept, so that nothing needs to be fetched. */
export async function areKept(files: readonly LiveFile[]): Promise<boolean> {
  const cache = await openCache();
  if (cache === undefined) return false;
  const found = await Promise.all(files.map((file) => cache.match(keyOf(file)).catch(() => undefined)));
  return found.every((response) => response !== undefined);
}
