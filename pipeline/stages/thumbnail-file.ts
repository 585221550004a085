import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Thumbnail } from '../../src/core/thumbnail.ts';

const COUNT_BYTES = 4;
const SIZE_BYTES = 4;

/** The thumbnails of all heads on one prompt as one object of the store: a count, then width, height, shades. */
export function encodeThumbnails(thumbnails: readonly Thumbnail[]): Uint8Array {
  const total = thumbnails.reduce((sum, { shades }) => sum + SIZE_BYTES + shades.length, COUNT_BYTES);
  const bytes = Buffer.alloc(total);
  bytes.writeUInt32LE(thumbnails.length, 0);
  let at = COUNT_BYTES;
  for (const { width, height, shades } of thumbnails) {
    bytes.writeUInt16LE(width, at);
    bytes.writeUInt16LE(height, at + 2);
    bytes.set(shades, at + SIZE_BYTES);
    at += SIZE_BYTES + shades.length;
  }
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The inverse of `encodeThumbnails`; the store's seal has vouched for the bytes. */
export function decodeThumbnails(content: Uint8Array): Thumbnail[] {
  const bytes = zstdDecompressSync(content);
  const thumbnails: Thumbnail[] = [];
  let at = COUNT_BYTES;
  for (let left = bytes.readUInt32LE(0); left > 0; left--) {
    const width = bytes.readUInt16LE(at);
    const height = bytes.readUInt16LE(at + 2);
    const start = at + SIZE_BYTES;
    at = start + width * height;
    thumbnails.push({ width, height, shades: bytes.subarray(start, at) });
  }
  return thumbnails;
}
