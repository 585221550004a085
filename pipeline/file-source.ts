import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../src/engine/torch/zip-directory.ts';

/** An open file of `size` bytes, to be read in pieces. */
export function fileSource(file: FileHandle, name: string, size: number): ByteSource {
  return {
    file: name,
    size,
    async read(position, length) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
  };
}
