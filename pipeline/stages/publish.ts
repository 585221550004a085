import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Files } from '../store/files.ts';
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
 * the rest. Each file is replaced whole.
 *
 * @param previous what the folder's last manifest says of its files: such a file is not read again if its length
 *   is still right
 * @param keep paths in the folder that are left as they are
 */
export async function publish(
  folder: string,
  publications: readonly Publication[],
  options: {
    readonly files: Files;
    readonly store: Store;
    readonly previous: Readonly<Record<string, PublishedFile>>;
    readonly keep: readonly string[];
  },
): Promise<PublishResult> {
  const { files, store, previous } = options;
  let written = 0;
  const place = async (publication: Publication): Promise<[string, PublishedFile]> => {
    const { path } = publication;
    const target = join(folder, path);
    const facts = await factsOf(publication, store);
    const isCurrent = previous[path]?.sha256 === facts.sha256 && (await files.length(target)) === facts.bytes;
    if (!isCurrent) {
      await files.write(target, await contentOf(publication, store));
      written++;
    }
    return [path, facts];
  };
  const sorted = publications.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const published = Object.fromEntries(await pMap(sorted, place, { concurrency: AT_ONCE }));
  const removed = await removeOthers(folder, new Set([...Object.keys(published), ...options.keep]), files);
  return { files: published, written, kept: publications.length - written, removed };
}

function factsOf(publication: Publication, store: Store): Promise<PublishedFile> | PublishedFile {
  if ('key' in publication) return store.seal(publication.stage, publication.key);
  if ('from' in publication) return { bytes: publication.bytes, sha256: publication.sha256 };
  return { bytes: Buffer.byteLength(publication.text), sha256: hash('sha256', publication.text, 'hex') };
}

function contentOf(publication: Publication, store: Store): Promise<Uint8Array> | string {
  if ('from' in publication) return readFile(publication.from);
  return 'key' in publication ? store.read(publication.stage, publication.key) : publication.text;
}

async function removeOthers(folder: string, wanted: ReadonlySet<string>, files: Files): Promise<number> {
  const others = (await files.list(folder)).filter((path) => !wanted.has(path));
  for (const path of others) await files.remove(join(folder, path), folder);
  return others.length;
}
