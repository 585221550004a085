import { takeEarly } from './early-files.ts';
import { AtlasError } from '../../schema/errors/atlas-error.ts';

/** Why a file could not be shown, in the kinds that a visitor can do different things about. */
export type FailureKind = 'missing' | 'network' | 'host' | 'damaged';

export interface Failure {
  readonly kind: FailureKind;
  /** What happened, in a sentence. */
  readonly reason: string;
}

export class LoadError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.reason, { cause });
    this.name = 'LoadError';
    this.failure = failure;
  }
}

/**
 * The bytes of a file of this site.
 *
 * @param fresh goes past the browser's cache, as a retry must
 * @throws LoadError
 */
export async function loadFile(url: string, fresh: boolean): Promise<Uint8Array> {
  const early = fresh ? undefined : takeEarly(url);
  const response = await (early ?? fetch(url, fresh ? { cache: 'reload' } : {})).catch(networkFailed);
  const failure = statusFailure(response, url);
  if (failure !== undefined) throw new LoadError(failure);
  return new Uint8Array(await response.arrayBuffer().catch(networkFailed));
}

/** The failure that an answer's status means, if it means one. */
export function statusFailure({ status, ok }: Response, url: string): Failure | undefined {
  if (status === 404 || status === 410) return { kind: 'missing', reason: `The site has no file ${url}.` };
  return ok ? undefined : { kind: 'host', reason: `The host answered ${url} with status ${status}.` };
}

export function networkFailed(cause: unknown): never {
  const reason = navigator.onLine
    ? 'The connection to the host failed or broke off.'
    : 'This device is offline.';
  throw new LoadError({ kind: 'network', reason }, cause);
}

/** The failure that an error means; an error that means none is thrown again. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LoadError) return error.failure;
  if (error instanceof AtlasError) return { kind: 'damaged', reason: error.explanation.why };
  throw error;
}
