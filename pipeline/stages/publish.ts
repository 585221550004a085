import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { isAbandoned, isTemporary, type Files } from '../store/files.ts';
import type { StageName, Store } from '../store/store.ts';

/** Files in work at once: a disk flushes many as fast as one. */
const AT_ONCE = 16;

/** A file of the site: from the store, as it is, or a copy. */
export type Publication =
  | { readonly path: string; readonly stage: StageName; readonly key: string }
  | { readonly path: string; readonly text: string }
  /** A file of the input, with its length and digest. */
  | ({ readonly path: string; readonly from: string } & PublishedFile);

/** Bytes and SHA-256 of a published file. */
export interface PublishedFile {
  readonly bytes: number;
  readonly sha256: string;
}

export interface PublishResult {
  /** By path, sorted. */
  readonly files: Readonly<Record<string, PublishedFile>>;
  readonly written: number;
  readonly kept: number;
  readonly removed: number;
}

/**
 * Makes `folder` hold exactly `publications`: writes what is new or different, leaves what is the same, removes
 * the rest. Each file is replaced whole, and is on the disk for good in the end. What another run is writing just now
 * is left to it; temporary files older than a day are removed.
 *
 * @param previous what the folder's manifest says of its files: such a file is not read again if its length is still
 *   right. A file that no manifest speaks of is.
 * @param keep paths in the folder that are left as they are
 * @param beforeChange is awaited once before the first change, if there is any
 */
export async function publish(
  folder: string,
  publications: readonly Publication[],
  options: {
    readonly files: Files;
    readonly store: Store;
    readonly previous: Readonly<Record<string, PublishedFile>>;
    readonly keep: readonly string[];
    readonly beforeChange: () => Promise<void>;
  },
): Promise<PublishResult> {
  const { files, store, previous, keep, beforeChange } = options;
  const sorted = publications.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const compare = async (publication: Publication) => {
    const facts = await factsOf(publication, store);
    const isCurrent = await holds(join(folder, publication.path), facts, previous[publication.path], files);
    return { publication, facts, isCurrent };
  };
  const compared = await pMap(sorted, compare, { concurrency: AT_ONCE });
  const changed = compared.filter(({ isCurrent }) => !isCurrent).map(({ publication }) => publication);
  const wanted = new Set([...sorted.map(({ path }) => path), ...keep]);
  const others = await othersIn(folder, wanted, files);

  if (changed.length + others.length > 0) await beforeChange();
  const place = (publication: Publication) =>
    files.write(join(folder, publication.path), contentOf(publication, store));
  await pMap(changed, place, { concurrency: AT_ONCE });
  for (const path of others) await files.remove(join(folder, path), folder);
  for (const each of foldersOf([...changed.map(({ path }) => path), ...others])) {
    await files.syncFolder(join(folder, each));
  }
  return {
    files: Object.fromEntries(compared.map(({ publication, facts }) => [publication.path, facts])),
    written: changed.length,
    kept: publications.length - changed.length,
    removed: others.length,
  };
}

async function holds(
  path: string,
  facts: PublishedFile,
  vouched: PublishedFile | undefined,
  files: Files,
): Promise<boolean> {
  if ((await files.length(path)) !== facts.bytes) return false;
  return (vouched?.sha256 ?? (await files.digest(path))) === facts.sha256;
}

function factsOf(publication: Publication, store: Store): Promise<PublishedFile> | PublishedFile {
  if ('key' in publication) return store.seal(publication.stage, publication.key);
  if ('from' in publication) return { bytes: publication.bytes, sha256: publication.sha256 };
  return { bytes: Buffer.byteLength(publication.text), sha256: hash('sha256', publication.text, 'hex') };
}

function contentOf(publication: Publication, store: Store): AsyncIterable<Uint8Array> | string {
  if ('from' in publication) return createReadStream(publication.from);
  return 'key' in publication ? store.chunks(publication.stage, publication.key) : publication.text;
}

async function othersIn(folder: string, wanted: ReadonlySet<string>, files: Files): Promise<string[]> {
  const others: string[] = [];
  for (const path of await files.list(folder)) {
    const isOther = isTemporary(path) ? await isAbandoned(join(folder, path), files) : !wanted.has(path);
    if (isOther) others.push(path);
  }
  return others;
}

/** The folders that paths lie in, and those that these lie in, the innermost first; `.` is the root. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set(paths.length > 0 ? ['.'] : []);
  for (const path of paths) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  const depth = (folder: string) => (folder === '.' ? 0 : folder.split('/').length);
  return [...folders].sort((a, b) => depth(b) - depth(a));
}
