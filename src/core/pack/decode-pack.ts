import { inflateSync } from 'fflate';
import { invalidPack } from '../../schema/errors/site-files.ts';
import type { Stack } from '../../schema/stacks.ts';
import { patternOf, type Pattern } from '../pattern.ts';
import { unpackCells } from './cells.ts';
import { crc32 } from './crc32.ts';
import { findBlock, openHeader, type Block, type OpenedPack } from './header.ts';
import { cellCodes } from './quantize.ts';

/** Gives back the `size` bytes that were compressed; throws, or returns another number of bytes, if it can't. */
export type Decompress = (bytes: Uint8Array, size: number) => Uint8Array;

/** Raw deflate (RFC 1951). One byte of room to spare shows a block that holds more than `size` bytes. */
export const inflateRaw: Decompress = (bytes, size) => inflateSync(bytes, { out: new Uint8Array(size + 1) });

/** The most bytes that one byte of deflate can stand for: a match of 258 bytes takes two bits at least. */
const DEFLATE_RATIO = 1032;

/**
 * Checks a whole pack's header and length.
 *
 * @throws AtlasError `pack-invalid` when it is no pack, of another version, truncated, or has bytes to spare
 */
export function openPack(file: Uint8Array): OpenedPack {
  const opened = openHeader(file);
  if ('needed' in opened) throw invalidPack(`It ends after ${file.length} bytes, inside its header.`);
  if (opened.byteLength !== file.length) {
    throw invalidPack(`It has ${file.length} bytes where its header speaks of ${opened.byteLength}.`);
  }
  return opened;
}

/**
 * One head's pattern out of a pack that is in memory whole.
 *
 * @returns undefined where the pack does not hold that head
 * @throws AtlasError `pack-invalid` when the block's checksum or length is wrong
 */
export function decodePattern(
  file: Uint8Array,
  pack: OpenedPack,
  at: { readonly stack: Stack; readonly layer: number; readonly head: number },
  decompress: Decompress = inflateRaw,
): Pattern | undefined {
  const block = findBlock(pack, at.stack, at.layer, at.head);
  if (block === undefined) return undefined;
  return decodeBlock(file.subarray(block.offset, block.offset + block.length), pack, block, decompress);
}

/**
 * A pattern from its block's bytes alone, as fetched by byte range.
 *
 * @throws AtlasError `pack-invalid`
 */
export function decodeBlock(
  bytes: Uint8Array,
  pack: OpenedPack,
  block: Block,
  decompress: Decompress = inflateRaw,
): Pattern {
  if (bytes.length !== block.length)
    throw invalidPack(`A block has ${bytes.length} bytes instead of ${block.length}.`);
  if (crc32(bytes) !== block.crc) throw invalidPack('The checksum of a block is wrong.');
  if (pack.header.compression === 'deflate' && block.rawLength > block.length * DEFLATE_RATIO) {
    throw invalidPack(`A block of ${block.length} bytes cannot hold ${block.rawLength}.`);
  }
  const raw = decompressed(bytes, block.rawLength, decompress);
  if (raw.length !== block.rawLength) {
    throw invalidPack(`A block holds ${raw.length} bytes instead of ${block.rawLength}.`);
  }
  const cells = cellCodes[pack.header.precision].decode(raw);
  return patternOf(block.layout, unpackCells(block.layout, cells));
}

function decompressed(bytes: Uint8Array, size: number, decompress: Decompress): Uint8Array {
  try {
    return decompress(bytes, size);
  } catch (cause) {
    throw invalidPack('A block cannot be decompressed.', cause);
  }
}
