import type { ByteSource } from '../../src/engine/torch/zip-directory.ts';

/** Bytes at hand, as a file that is read in pieces. */
export function bytesSource(bytes: Uint8Array, file: string): ByteSource {
  return {
    file,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
