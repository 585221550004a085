import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { npyHeader } from '../../src/core/npz/npy.ts';
import type { Files } from '../store/files.ts';

/** One array of an npz file, written part by part. */
export interface StreamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** The numbers in C order, in parts of any length. */
  parts(): AsyncIterable<Float32Array>;
}

/** Deflate level 1: attention patterns shrink by half at once, and hardly more for ten times the time. */
const LEVEL = 1;
/** Fixed, so that the same arrays give the same bytes; noon, so that it is the same day in every time zone. */
const MODIFIED = new Date('1980-01-02T12:00:00Z');

/** Writes a file that `numpy.load` opens; one part of one array is in memory at a time. */
export async function writeNpz(files: Files, path: string, arrays: Iterable<StreamedArray>): Promise<void> {
  await files.write(path, zipped(arrays));
}

async function* zipped(arrays: Iterable<StreamedArray>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as NodeJS.ReadableStream & { destroy(error: Error): void };
  const fail = (error: Error) => {
    output.destroy(error);
  };
  zip.on('error', fail);
  for (const array of arrays) {
    const options = { mtime: MODIFIED, compressionLevel: LEVEL, forceDosTimestamp: true };
    zip.addReadStreamLazy(`${array.name}.npy`, options, (take) => {
      const bytes = Readable.from(bytesOf(array), { objectMode: false });
      bytes.once('error', fail);
      take(null, bytes);
    });
  }
  zip.end();
  for await (const chunk of output) yield chunk as Uint8Array;
}

async function* bytesOf(array: StreamedArray): AsyncGenerator<Uint8Array> {
  yield npyHeader(array.shape);
  for await (const part of array.parts()) yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}
