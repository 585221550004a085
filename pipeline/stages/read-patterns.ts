import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { invalidPack } from '../../src/schema/errors/site-files.ts';
import { decodeBlock, openPack, type Decompress } from '../../src/core/pack/decode-pack.ts';
import {
  findBlock,
  openHeader,
  PREAMBLE_BYTES,
  type OpenedPack,
  type PackHeader,
} from '../../src/core/pack/header.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { layoutSize, type Layout, type Stack } from '../../src/schema/stacks.ts';
import { MOST_DECODED } from '../memory.ts';
import { SEAL_BYTES } from '../store/store.ts';

/** The patterns of one model on one prompt, as the store holds them. */
export interface StoredPatterns {
  readonly pack: OpenedPack;
  readonly tokens: readonly string[];
  /**
   * Every head's pattern, stack by stack, layer by layer; with `isAsked` those alone that it names. Values are decoded when they
   * are looked at.
   */
  heads(isAsked?: (head: StoredHead) => boolean): Generator<StoredHead & { readonly pattern: Pattern }>;
}

interface StoredHead {
  readonly stack: Stack;
  readonly layer: number;
  readonly head: number;
}

/** A store's object cannot grow by more than its header says. */
const decompressors: Readonly<Record<PackHeader['compression'], Decompress>> = {
  zstd: (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size }),
  deflate: (bytes, size) => inflateRawSync(bytes, { maxOutputLength: size }),
};

/**
 * Opens the content of an object of the stage `activations`, or of a matrix of each head (matrix-inputs.ts).
 *
 * @throws AtlasError `pack-invalid`
 */
export function readStoredPatterns(content: Uint8Array): StoredPatterns {
  return storedPatterns(openPack(content), (at, count) => content.subarray(at, at + count), MOST_DECODED);
}

/**
 * Opens the file of such an object for the length of `use`, and reads it head by head. Each block is
 * compared with its checksum; the seal behind the content is not.
 *
 * @param kept bytes of decoded patterns that are kept for the next look
 * @throws AtlasError `pack-invalid`
 */
export async function withStoredPatterns<T>(
  path: string,
  use: (stored: StoredPatterns) => T | Promise<T>,
  kept = MOST_DECODED,
): Promise<T> {
  const file = openSync(path, 'r');
  try {
    return await use(storedPatterns(headerIn(file), readerOf(file), kept));
  } finally {
    closeSync(file);
  }
}

/**
 * As `withStoredPatterns`, for as long as one likes: the file is opened anew for each block that is looked at.
 *
 * @throws AtlasError `pack-invalid`
 */
export function storedPatternsAt(path: string): StoredPatterns {
  const inFile = <T>(use: (file: number) => T): T => {
    const file = openSync(path, 'r');
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  };
  const read: Read = (at, count) => inFile((file) => readerOf(file)(at, count));
  return storedPatterns(inFile(headerIn), read, MOST_DECODED);
}

type Read = (at: number, count: number) => Uint8Array;

function readerOf(file: number): Read {
  return (at, count) => {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, at));
  };
}

/** The header of an open object, compared with its length. */
function headerIn(file: number): OpenedPack {
  const pack = headerOf(readerOf(file));
  const length = fstatSync(file).size - SEAL_BYTES;
  if (length === pack.byteLength) return pack;
  throw invalidPack(`It has ${length} bytes where its header speaks of ${pack.byteLength}.`);
}

function headerOf(read: Read): OpenedPack {
  for (let count = PREAMBLE_BYTES; ;) {
    const bytes = read(0, count);
    const opened = openHeader(bytes);
    if (!('needed' in opened)) return opened;
    if (bytes.length < count) throw invalidPack(`It ends after ${bytes.length} bytes, inside its header.`);
    count = opened.needed;
  }
}

function storedPatterns(pack: OpenedPack, read: Read, kept: number): StoredPatterns {
  const decoded = keepLatest(kept);
  const places = pack.header.stacks.flatMap(({ stack, layout, layers, heads }) =>
    layers.flatMap((layer) =>
      Array.from({ length: heads }, (_, head) => {
        const block = findBlock(pack, stack, layer, head);
        if (block === undefined) throw new RangeError('The header lists a head without a block');
        const decompress = decompressors[pack.header.compression];
        const decode = () => decodeBlock(read(block.offset, block.length), pack, block, decompress).values;
        return { stack, layer, head, pattern: lazyPattern(layout, () => decoded(block.offset, decode)) };
      }),
    ),
  );
  return {
    pack,
    tokens: pack.header.tokens,
    *heads(isAsked = () => true) {
      for (const place of places) if (isAsked(place)) yield place;
    },
  };
}

function lazyPattern(layout: Layout, values: () => Float32Array): Pattern {
  return {
    layout,
    ...layoutSize(layout),
    get values() {
      return values();
    },
  };
}

/** Keeps what was made last, up to so many bytes; the latest one always. */
function keepLatest(most: number) {
  const known = new Map<number, Float32Array>();
  let bytes = 0;
  return (key: number, make: () => Float32Array): Float32Array => {
    const found = known.get(key);
    if (found !== undefined) return found;
    for (const [oldest, values] of known) {
      if (bytes <= most) break;
      known.delete(oldest);
      bytes -= values.byteLength;
    }
    const made = make();
    known.set(key, made);
    bytes += made.byteLength;
    return made;
  };
}

/** `patterns` (all of a pack, in its order) by stack, layer and head. */
export function stackArrays(patterns: readonly Pattern[], { pack }: StoredPatterns): Pattern[][][] {
  let at = 0;
  return pack.header.stacks.map(({ layers, heads }) => layers.map(() => patterns.slice(at, (at += heads))));
}
