import { hubName, type HubAddress } from '../../src/schema/hub-address.ts';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import type { HubSettings } from './hub-settings.ts';
import { isCommit } from './hub-cache.ts';

/** A file at the top of a repository. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** Its name in the cache: the SHA-256 of a large file, the git object id of another. */
  readonly etag: string;
}

export interface HubClient {
  /** The commit that a revision stands for now. */
  commitOf(address: HubAddress): Promise<string>;
  /** The files at the top of the repository at a commit, by name. */
  list(address: HubAddress, commit: string): Promise<ReadonlyMap<string, HubFile>>;
  /** Throws where the model may not be downloaded: of a gated one, the hub lists the files to everyone. */
  checkAccess(address: HubAddress, commit: string): Promise<void>;
  /**
   * Asks for a file from a byte on.
   *
   * @returns an answer with status 200 or 206
   * @throws what `fetch` throws, and `BusyError`, which are worth another try; AtlasError of the hub
   */
  open(
    address: HubAddress,
    commit: string,
    path: string,
    from: number,
    signal: AbortSignal,
  ): Promise<Response>;
}

/** The hub asks to come again later. */
class BusyError extends Error {}

/** Pages of a listing that are read: far more files than any model has at its top. */
const MOST_FILES = 100_000;

/**
 * The hub's answers about models. @huggingface/hub knows the endpoints; the token, the signal, and what an answer other
 * than yes means are added here, because it neither reads the environment nor tells a gated model from a missing one.
 *
 * @param request sends the requests
 */
export async function connectHub(
  settings: HubSettings,
  signal: AbortSignal,
  request: typeof fetch = fetch,
): Promise<HubClient> {
  const { listFiles, modelInfo } = await import('@huggingface/hub'); // only where it is needed: it takes a while to load
  const { endpoint, token } = settings;

  const ask =
    (address: HubAddress): typeof fetch =>
    async (input, init = {}) => {
      const url = input instanceof Request ? input.url : String(input);
      const headers = new Headers(init.headers);
      // A page of a listing, or a redirect, may lead to another host, which the token is not for.
      if (token !== undefined && new URL(url).origin === new URL(endpoint).origin) {
        headers.set('authorization', `Bearer ${token}`);
      }
      const response = await request(url, { ...init, headers, signal: init.signal ?? signal });
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(response, address, settings);
      }
      return response;
    };
  const answer = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AtlasError) throw error;
      if (error instanceof SyntaxError) throw invalid('It is no JSON.', error);
      // What fetch throws has a cause; without one, the library met something else than it reads.
      if (error instanceof TypeError && error.cause === undefined)
        throw invalid('It is no list of files.', error);
      throw atlasError('hub-unreachable', { endpoint, reason: reasonOf(error) }, {}, error);
    }
  };

  const open: HubClient['open'] = (address, commit, path, from, aborted) => {
    const url = `${endpoint}/${address.repository}/resolve/${commit}/${encodeURIComponent(path)}`;
    const headers = { 'accept-encoding': 'identity', ...(from === 0 ? {} : { range: `bytes=${from}-` }) };
    return ask(address)(url, { headers, signal: aborted });
  };
  return {
    open,
    checkAccess: (address, commit) =>
      answer(async () => {
        const response = await open(address, commit, 'config.json', 0, signal);
        await response.body?.cancel();
      }),
    commitOf: (address) =>
      answer(async () => {
        const { repository: name, revision = 'main' } = address;
        if (isCommit(revision)) return revision;
        const { sha } = await modelInfo({
          name,
          revision,
          hubUrl: endpoint,
          fetch: ask(address),
          additionalFields: ['sha'],
        });
        if (typeof sha !== 'string' || !isCommit(sha)) throw invalid(`It names no commit of ${name}.`);
        return sha;
      }),
    list: (address, commit) =>
      answer(async () => {
        const files = new Map<string, HubFile>();
        const listing = listFiles({
          repo: { type: 'model', name: address.repository },
          revision: commit,
          hubUrl: endpoint,
          fetch: ask(address),
        });
        for await (const entry of listing) {
          const file = fileOf(entry);
          if (file !== undefined) files.set(file.path, file);
          if (files.size > MOST_FILES) throw invalid(`It lists more than ${MOST_FILES} files.`);
        }
        return files;
      }),
  };
}

/** A file of the listing; undefined for a folder. What is not as it should be is an error, for it names files on disk. */
function fileOf(entry: unknown): HubFile | undefined {
  const { type, path, size, oid, lfs } = (entry ?? {}) as Record<string, unknown>;
  if (type !== 'file') return undefined;
  const large = (lfs ?? {}) as Record<string, unknown>;
  const [etag, bytes] = lfs === undefined ? [oid, size] : [large.oid, large.size];
  const isValid =
    typeof path === 'string' &&
    typeof etag === 'string' &&
    (lfs === undefined ? /^[0-9a-f]{40}$/u : /^[0-9a-f]{64}$/u).test(etag) &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0;
  if (!isValid) throw invalid('A file of its listing has no valid name, size or checksum.');
  return { path, etag, bytes: bytes as number };
}

/** What an answer with another status than 2xx means. */
function refusal(response: Response, address: HubAddress, { endpoint, token }: HubSettings): Error {
  const { status, headers } = response;
  const code = headers.get('x-error-code');
  const name = hubName(address);
  if (code === 'GatedRepo') return atlasError('hub-gated', { name, hasToken: token !== undefined });
  if (code === 'RevisionNotFound') {
    const { repository, revision = 'main' } = address;
    return atlasError('hub-revision-missing', { repository, revision });
  }
  if (code === 'RepoNotFound' || status === 404) return atlasError('hub-model-missing', { name, endpoint });
  if (status === 401 && token !== undefined) return atlasError('hub-token-refused', { endpoint });
  if (status === 401 || status === 403)
    return atlasError('hub-gated', { name, hasToken: token !== undefined });
  if (status === 408 || status === 429 || status >= 500) {
    return new BusyError(`It answered with status ${status}.`);
  }
  return invalid(`It answered with status ${status}.`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

function invalid(reason: string, cause?: unknown): Error {
  return atlasError('hub-answer-invalid', { reason }, {}, cause);
}
