import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import { writeError } from '../store/files.ts';
import { isFile } from './hub-cache.ts';
import type { HubFile } from './hub-client.ts';

/** How a file is asked for. */
export interface Download {
  readonly file: HubFile;
  /** Where it shall lie. What is there of it stands in `PATH.incomplete`. */
  readonly path: string;
  /** The file from a byte on: an answer with status 200 or 206. */
  readonly open: (from: number, signal: AbortSignal) => Promise<Response>;
  /** Aborted when the person interrupts the run. */
  readonly signal: AbortSignal;
  /** Bytes that are on disk now. */
  readonly onBytes: (bytes: number) => void;
  readonly patience?: Patience;
}

/** How long a download is tried. */
export interface Patience {
  /** Tries in a row that bring no byte. */
  readonly tries: number;
  /** Milliseconds before the second of them; each later one waits twice as long. */
  readonly pause: number;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly silence: number;
}

const PATIENCE: Patience = { tries: 5, pause: 500, silence: 30_000 };

/**
 * Downloads a file, goes on where an earlier download broke off, and puts it in place when its checksum is right. Two
 * downloads of one file at once do no harm: both write the same bytes at the same places.
 *
 * @throws AtlasError `hub-download-broken`, `hub-answer-invalid`, `hub-checksum-wrong`, `no-space`, `unwritable`, and
 *   those of the hub's answers
 */
export async function downloadFile(download: Download): Promise<void> {
  const { file, path } = download;
  const incomplete = `${path}.incomplete`;
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw writeError(path, error);
  });
  const handle = await open(incomplete, constants.O_RDWR | constants.O_CREAT).catch((error: unknown) => {
    throw writeError(incomplete, error);
  });
  try {
    const { size } = await handle.stat();
    if (size > file.bytes) await handle.truncate(0);
    await receiveAll(download, handle, size > file.bytes ? 0 : size);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const actual = await checksum(incomplete, file);
  if (actual !== file.etag) {
    await rm(incomplete, { force: true });
    throw atlasError('hub-checksum-wrong', { expected: file.etag, actual }, { file: file.path });
  }
  await rename(incomplete, path).catch(async (error: unknown) => {
    if (!(await isFile(path))) throw writeError(path, error); // else another download has just done it
  });
}

async function receiveAll(download: Download, handle: FileHandle, from: number): Promise<void> {
  const { file, signal, onBytes, patience = PATIENCE } = download;
  let position = from;
  onBytes(position);
  for (let idle = 0; position < file.bytes;) {
    const before = position;
    const failure = await receive(download, handle, position, patience, (reached) => {
      position = reached;
      onBytes(reached);
    });
    signal.throwIfAborted();
    if (failure instanceof AtlasError) throw failure;
    if (position === file.bytes) return;
    idle = position > before ? 0 : idle + 1;
    if (idle >= patience.tries) {
      const reason = failure?.message ?? 'The connection ended early.';
      throw atlasError(
        'hub-download-broken',
        { bytes: position, total: file.bytes, reason },
        { file: file.path },
      );
    }
    await wait(patience.pause * 2 ** idle, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  }
}

/** One connection: writes what comes, and gives back why it ended before the file did. */
async function receive(
  { file, path, open: ask, signal }: Download,
  handle: FileHandle,
  from: number,
  { silence }: Patience,
  reached: (position: number) => void,
): Promise<Error | undefined> {
  const quiet = new AbortController();
  const timer = setTimeout(() => {
    quiet.abort(new Error(`Nothing came for ${silence / 1000} s.`));
  }, silence);
  try {
    const response = await ask(from, AbortSignal.any([signal, quiet.signal]));
    let position = startOf(response, from, file);
    if (position !== from) reached(position);
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      if (position + chunk.length > file.bytes) throw invalid(file, `more than its ${file.bytes} bytes came`);
      await writeAll(handle, chunk, position).catch((error: unknown) => {
        throw writeError(path, error);
      });
      position += chunk.length;
      reached(position);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (causeOf(error) ?? error) : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: Error): Error | undefined {
  return error instanceof AtlasError || !(error.cause instanceof Error) ? undefined : error.cause;
}

/** Where the bytes of an answer belong: at `from`, or at the start where the server does not send parts. */
function startOf({ status, headers }: Response, from: number, file: HubFile): number {
  if (status === 200) {
    const length = headers.get('content-length');
    if (length !== null && !headers.has('content-encoding') && Number(length) !== file.bytes) {
      throw invalid(file, `${length} bytes are offered where ${file.bytes} were listed`);
    }
    return 0;
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(headers.get('content-range') ?? '') ?? [];
  if (Number(start) !== from || (total !== '*' && Number(total) !== file.bytes)) {
    throw invalid(file, `its range is "${headers.get('content-range') ?? 'not said'}"`);
  }
  return from;
}

/** The SHA-256 of a large file; of another, git's object id, which is a SHA-1 over the length and the bytes. */
async function checksum(path: string, { etag, bytes }: HubFile): Promise<string> {
  const isLarge = etag.length === 64;
  const hash = createHash(isLarge ? 'sha256' : 'sha1');
  if (!isLarge) hash.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function invalid(file: HubFile, what: string): Error {
  return atlasError('hub-answer-invalid', { reason: `Of ${file.path}, ${what}.` }, { file: file.path });
}
