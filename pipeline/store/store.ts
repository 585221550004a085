import { createHash, hash } from 'node:crypto';
import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Files } from './files.ts';
import { checkMark, writeMark } from './store-mark.ts';

/** What the store holds, one kind of object a stage, in the order in which they are made. */
export const STAGES = [
  'imports',
  'inputs',
  'activations',
  'extras',
  'packs',
  'measures',
  'thumbnails',
  'sketches',
  'mean-patterns',
  'figures',
  'head-means',
] as const;
export type StageName = (typeof STAGES)[number];

/** A value as JSON, with the keys of objects sorted, so that equal values give equal text. */
export type KeyPart =
  string | number | boolean | null | readonly KeyPart[] | { readonly [name: string]: KeyPart };

/**
 * The name of a stage's output: SHA-256, in hex, over everything that the output depends on.
 *
 * @param version raised by hand when the stage's code comes to give other bytes
 */
export function outputKey(stage: StageName, version: number, inputs: KeyPart): string {
  return hash('sha256', canonicalJson({ stage, version, inputs }), 'hex');
}

function canonicalJson(value: KeyPart): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, KeyPart>).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonicalJson(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Behind the content of each object. */
export const SEAL_BYTES = 32;
const CHUNK = 4 * 2 ** 20;

/**
 * Outputs of stages, each under its key. An object ends with the SHA-256 of its content: its seal. Every method but
 * `folder` throws AtlasError `store-newer` or `store-unknown` for a folder that this version must not touch.
 */
export interface Store {
  readonly folder: string;
  /** Where the object lies, with its seal behind its content. */
  path(stage: StageName, key: string): string;
  /** Whether the object is there; its content is not read. */
  has(stage: StageName, key: string): Promise<boolean>;
  /**
   * The object's content.
   *
   * @throws AtlasError `store-damaged` where it is absent or its seal is broken; a broken one is removed, so that
   *   the next run makes it again
   */
  read(stage: StageName, key: string): Promise<Uint8Array>;
  /**
   * The object's content in chunks; it is never in memory whole.
   *
   * @throws AtlasError `store-damaged`, as `read`; of a broken seal after the last chunk
   */
  chunks(stage: StageName, key: string): AsyncIterable<Uint8Array>;
  /**
   * Reads the object, in chunks, to see that it is whole.
   *
   * @throws AtlasError `store-damaged`, as `read`
   */
  check(stage: StageName, key: string): Promise<void>;
  /**
   * SHA-256 (hex) and length of the content, from the seal alone.
   *
   * @throws AtlasError `store-damaged` where the object is absent
   */
  seal(stage: StageName, key: string): Promise<{ sha256: string; bytes: number }>;
  /** @param content may come in chunks */
  write(stage: StageName, key: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** The keys of all objects of a stage. */
  keys(stage: StageName): Promise<string[]>;
  /** Bytes that an object takes on the disk, its seal among them; undefined where it is absent. */
  size(stage: StageName, key: string): Promise<number | undefined>;
  /** Whether the content fits its seal; it is read in pieces, and kept in either case. False where it is absent. */
  isSound(stage: StageName, key: string): Promise<boolean>;
  /** Removes an object if it is there. */
  remove(stage: StageName, key: string): Promise<void>;
  /**
   * The first bytes of an object's content (with the seal behind them where it is short), unverified.
   *
   * @throws AtlasError `store-damaged` where the object is absent
   */
  peek(stage: StageName, key: string, count: number): Promise<Uint8Array>;
  /**
   * `count` bytes of an object's content from `position` on, unverified.
   *
   * @throws AtlasError `store-damaged` where the object is absent
   */
  readAt(stage: StageName, key: string, position: number, count: number): Promise<Uint8Array>;
}

/** The store in `folder`, which is made when first written to. */
export function openStore(folder: string, files: Files): Store {
  const path = (stage: StageName, key: string) => join(folder, stage, key.slice(0, 2), key);
  let checked: Promise<boolean> | undefined;
  const check = () => (checked ??= checkMark(folder, files));
  let marked: Promise<void> | undefined;
  const mark = async () => {
    if (!(await check())) await (marked ??= writeMark(folder, files));
  };
  const store: Store = {
    folder,
    path,
    async has(stage, key) {
      await check();
      return ((await files.length(path(stage, key))) ?? 0) >= SEAL_BYTES;
    },
    async read(stage, key) {
      await check();
      const sealed = await files.read(path(stage, key));
      const content = sealed?.subarray(0, -SEAL_BYTES);
      if (
        sealed !== undefined &&
        content !== undefined &&
        digestOf(content).equals(sealed.subarray(-SEAL_BYTES))
      ) {
        return content;
      }
      await files.remove(path(stage, key), folder);
      throw atlasError('store-damaged', { stage, key });
    },
    async *chunks(stage, key) {
      const { sha256, bytes } = await store.seal(stage, key);
      const sum = createHash('sha256');
      for (let at = 0; at < bytes; at += CHUNK) {
        const part = await store.readAt(stage, key, at, Math.min(CHUNK, bytes - at));
        sum.update(part);
        yield part;
      }
      if (sum.digest('hex') === sha256) return;
      await store.remove(stage, key);
      throw atlasError('store-damaged', { stage, key });
    },
    async check(stage, key) {
      if (await store.isSound(stage, key)) return;
      await store.remove(stage, key);
      throw atlasError('store-damaged', { stage, key });
    },
    async seal(stage, key) {
      await check();
      const end = await files.readTail(path(stage, key), SEAL_BYTES);
      if (end === undefined) throw atlasError('store-damaged', { stage, key });
      return { sha256: Buffer.from(end.tail).toString('hex'), bytes: end.length - SEAL_BYTES };
    },
    async write(stage, key, content) {
      await mark();
      await files.write(path(stage, key), sealed(content));
    },
    async keys(stage) {
      await check();
      return (await files.list(join(folder, stage)))
        .map((file) => file.split('/').at(-1) ?? '')
        .filter((name) => /^[0-9a-f]{64}$/u.test(name));
    },
    async size(stage, key) {
      await check();
      return files.length(path(stage, key));
    },
    async isSound(stage, key) {
      await check();
      const end = await files.readTail(path(stage, key), SEAL_BYTES);
      if (end === undefined) return false;
      const sum = await files.digest(path(stage, key), end.length - SEAL_BYTES);
      return sum === Buffer.from(end.tail).toString('hex');
    },
    async remove(stage, key) {
      await check();
      await files.remove(path(stage, key), folder);
    },
    async peek(stage, key, count) {
      await check();
      const head = await files.readHead(path(stage, key), count);
      if (head === undefined) throw atlasError('store-damaged', { stage, key });
      return head;
    },
    async readAt(stage, key, position, count) {
      await check();
      const part = await files.readAt(path(stage, key), position, count);
      if (part === undefined) throw atlasError('store-damaged', { stage, key });
      return part;
    },
  };
  return store;
}

/**
 * The file of an object, for those who read it by themselves.
 *
 * @throws AtlasError `store-damaged`, as `check`
 */
export async function soundPath(store: Store, stage: StageName, key: string): Promise<string> {
  await store.check(stage, key);
  return store.path(stage, key);
}

/** Small pieces are written together: each costs a turn of another thread. */
const PART = 2 ** 20;

/** The content with its seal behind it, in parts of a megabyte or more. */
async function* sealed(content: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    sum.update(piece);
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < PART) continue;
    yield* pieces.length === 1 ? pieces : [Buffer.concat(pieces)];
    [pieces, bytes] = [[], 0];
  }
  yield Buffer.concat([...pieces, sum.digest()]);
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
