import { LoadError, networkFailed, statusFailure } from '../../view/load-file.ts';
import { forgetFile, keepFile, keptFile } from '../kept-files.ts';
import type { LiveFile } from '../live-model.ts';
import type { LoadProgress } from '../live-protocol.ts';

/**
 * The bytes of `files`, by name: those that are kept from an earlier visit, and the others from the site. Each is
 * checked against its length and checksum, and kept.
 *
 * @throws LoadError
 */
export async function fetchFiles(
  files: readonly LiveFile[],
  onprogress: (progress: LoadProgress) => void,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let received = 0;
  const add = (bytes: number) => {
    received += bytes;
    onprogress({ received, total });
  };
  add(0);
  // One after the other: where the connection breaks off, what has come is whole and kept.
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of files) found.set(file.name, (await fromCache(file, add)) ?? (await fromSite(file, add)));
  return found;
}

async function fromCache(
  file: LiveFile,
  add: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await keptFile(file);
  if (bytes === undefined) return undefined;
  if ((await faultOf(file, bytes)) !== undefined) {
    await forgetFile(file);
    return undefined;
  }
  add(bytes.length);
  return bytes;
}

async function fromSite(file: LiveFile, add: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  // The browser's own cache may hold the file of an older build under this address.
  const response = await fetch(file.url, { cache: 'no-cache' }).catch(networkFailed);
  const failure = statusFailure(response, file.url);
  if (failure !== undefined) throw new LoadError(failure);
  const bytes = new Uint8Array(file.bytes);
  let at = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch(networkFailed);
    if (part?.value === undefined) break;
    if (at + part.value.length <= bytes.length) bytes.set(part.value, at);
    at += part.value.length;
    add(part.value.length);
  }
  const fault =
    at === file.bytes ? await faultOf(file, bytes) : `it has ${at} bytes instead of ${file.bytes}`;
  if (fault !== undefined)
    throw new LoadError({ kind: 'damaged', reason: `${file.url} is not the file of this atlas: ${fault}.` });
  await keepFile(file, bytes);
  return bytes;
}

/** What is wrong with a file's bytes; a page that came without encryption cannot take checksums. */
async function faultOf(file: LiveFile, bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (bytes.length !== file.bytes) return `it has ${bytes.length} bytes instead of ${file.bytes}`;
  if (!isSecureContext) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === file.sha256 ? undefined : 'its checksum is another';
}
