import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A repository of the fake hub. */
export interface FakeRepository {
  /** Commits by branch and tag. */
  readonly refs: Readonly<Record<string, string>>;
  /** Files at every commit. */
  readonly files: Readonly<Record<string, Buffer>>;
  readonly isGated?: boolean;
  /** What the listing says in place of what is so. */
  readonly listing?: (entries: Record<string, unknown>[]) => unknown;
}

export interface FakeHub {
  readonly url: string;
  /** Every request, `GET /path`, with its range if it has one. */
  readonly requests: string[];
  /** Authorization headers that reached the host of the large files. */
  readonly leaked: string[];
  /** Tokens it takes. */
  readonly tokens: Set<string>;
  /** What happens to the next answers with a file: one entry each. */
  readonly mishaps: Mishap[];
}

/** The connection ends after so many bytes; the range is not heeded; another status; bytes are other than listed. */
type Mishap =
  | { readonly cutAfter: number }
  | { readonly ignoreRange: true }
  | { readonly status: number }
  | { readonly silent: true }
  | { readonly spoil: true };

/** Files above this are large: they have SHA-256 sums and lie on another host. */
const LARGE = 4096;
/** Entries of the listing a page. */
const PAGE = 3;

export const COMMIT = 'a'.repeat(40);
export const OLD_COMMIT = 'b'.repeat(40);

/** The checksum that names a file in the cache. */
export function etagOf(bytes: Buffer): string {
  return bytes.length > LARGE
    ? createHash('sha256').update(bytes).digest('hex')
    : createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A server that speaks the hub's endpoints, on two ports: one redirects to the other for large files. Ends with the test. */
export async function startFakeHub(repositories: Readonly<Record<string, FakeRepository>>): Promise<FakeHub> {
  const state = {
    requests: [] as string[],
    leaked: [] as string[],
    tokens: new Set<string>(),
    mishaps: [] as Mishap[],
  };
  const store = await listen((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) state.leaked.push(authorization);
    const wanted = (request.url ?? '').slice(1);
    const all = Object.values(repositories).flatMap(({ files }) => Object.values(files));
    const bytes = all.find((each) => etagOf(each) === wanted);
    if (bytes === undefined) refuse(response, 404);
    else sendFile(request, response, bytes, state.mishaps.shift());
  });
  const url = await listen((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*/u, ''));
    const { range, authorization } = request.headers;
    state.requests.push(`GET ${path}${range === undefined ? '' : ` ${range}`}`);
    const token = authorization?.replace('Bearer ', '');
    if (token !== undefined && !state.tokens.has(token)) {
      refuse(response, 401);
      return;
    }
    answer(request, response, path, token);
  });
  return { url, ...state };

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    token: string | undefined,
  ) {
    const [, api = '', resolved = ''] = /^\/api\/models\/(.+)$|^\/(.+\/resolve\/.+)$/u.exec(path) ?? [];
    const parts = /^(.+?)\/(revision|tree|resolve)\/([^/]+(?:\/pr\/\d+)?)(?:\/(.+))?$/u.exec(
      api === '' ? resolved : api,
    );
    const [, name = '', action, revision = '', file = ''] = parts ?? [];
    const repository = repositories[name];
    if (repository === undefined) {
      refuse(response, token === undefined ? 401 : 404, 'RepoNotFound');
      return;
    }
    const commit =
      repository.refs[revision] ?? (Object.values(repository.refs).includes(revision) ? revision : '');
    if (commit === '') refuse(response, 404, 'RevisionNotFound');
    else if (action === 'revision') json(response, { _id: '1', id: name, sha: commit });
    else if (action === 'tree') list(request, response, repository);
    else if (repository.isGated === true && token === undefined) refuse(response, 401, 'GatedRepo');
    else send(request, response, repository.files[file]);
  }

  function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined) {
    if (bytes === undefined) refuse(response, 404, 'EntryNotFound');
    else if (bytes.length > LARGE) response.writeHead(302, { location: `${store}/${etagOf(bytes)}` }).end();
    else sendFile(request, response, bytes, state.mishaps.shift());
  }

  function list(request: IncomingMessage, response: ServerResponse, { files, listing }: FakeRepository) {
    const entries: Record<string, unknown>[] = Object.entries(files).map(([path, bytes]) => {
      const etag = etagOf(bytes);
      return bytes.length > LARGE
        ? {
            type: 'file',
            path,
            size: bytes.length,
            oid: 'f'.repeat(40),
            lfs: { oid: etag, size: bytes.length, pointerSize: 130 },
          }
        : { type: 'file', path, size: bytes.length, oid: etag };
    });
    const shown = listing?.(entries) ?? [
      { type: 'directory', path: 'onnx', oid: 'e'.repeat(40), size: 0 },
      ...entries,
    ];
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const page = Number(new URLSearchParams(query).get('page') ?? 0);
    if (!Array.isArray(shown)) {
      json(response, shown);
      return;
    }
    const rest = shown.length > (page + 1) * PAGE;
    if (rest) response.setHeader('link', `<${url}${path}?page=${page + 1}>; rel="next"`);
    json(response, shown.slice(page * PAGE, (page + 1) * PAGE));
  }
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end('no');
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Buffer, mishap?: Mishap): void {
  if (mishap !== undefined && 'status' in mishap) {
    refuse(response, mishap.status);
    return;
  }
  if (mishap !== undefined && 'silent' in mishap) return; // the connection stays open, and nothing comes
  const ignoresRange = mishap !== undefined && 'ignoreRange' in mishap;
  const from = ignoresRange ? 0 : Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1] ?? 0);
  const sent = Buffer.from(bytes.subarray(from));
  if (mishap !== undefined && 'spoil' in mishap) sent[0] = (sent[0] ?? 0) ^ 1;
  const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': sent.length, ...(from > 0 ? range : {}) });
  if (mishap === undefined || !('cutAfter' in mishap)) response.end(sent);
  else {
    response.write(sent.subarray(0, mishap.cutAfter));
    // What came just before a connection ends may be lost; so it ends a little later.
    setTimeout(() => response.destroy(), 150);
  }
}
