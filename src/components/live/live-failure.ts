import { AtlasError } from '../../schema/errors/atlas-error.ts';
import { LoadError, type FailureKind } from '../view/load-file.ts';

/** Why a model could not be loaded or run, in a visitor's words. */
export interface LiveFailure {
  readonly title: string;
  readonly reason: string;
  readonly remedy: string;
}

const LOADING: Readonly<Record<FailureKind, Pick<LiveFailure, 'title' | 'remedy'>>> = {
  missing: {
    title: 'A file of the model is not on the site',
    remedy: 'The site may have been built anew: reload the page, then try again.',
  },
  network: {
    title: 'The model could not be fetched',
    remedy: 'Check the connection, then try again. What has arrived is kept.',
  },
  host: {
    title: 'The model could not be fetched',
    remedy: 'The host has a problem of its own. Try again in a moment.',
  },
  damaged: {
    title: 'A file of the model arrived damaged',
    remedy: 'It was cut off or changed on its way, or on the host. Fetch it again.',
  },
};

/** How engines say that memory is used up. */
const MEMORY =
  /out of memory|memory access|could not allocate|allocation failed|bad_alloc|invalid array length/iu;

export const NO_WASM: LiveFailure = {
  title: 'This browser cannot run models',
  reason: 'It offers no WebAssembly: it is too old, or a setting or an extension forbids it.',
  remedy: 'Open this page in another browser. The atlas’s own prompts need nothing of the kind.',
};

/** What an error that a model's loading or running threw means to a visitor. */
export function liveFailureOf(error: unknown): LiveFailure {
  if (error instanceof LoadError) return { ...LOADING[error.failure.kind], reason: error.failure.reason };
  const reason = error instanceof Error ? error.message : String(error);
  if (MEMORY.test(reason)) {
    return {
      title: 'The memory does not suffice',
      reason: 'The browser gave this page no more memory.',
      remedy: 'Close other pages, shorten the text or choose a smaller model, then try again.',
    };
  }
  if (error instanceof AtlasError) {
    const { what, why } = error.explanation;
    return {
      title: 'The model could not read this',
      reason: `${what} ${why}`,
      remedy: 'Change the text, or try another model.',
    };
  }
  return { title: 'The model stopped', reason, remedy: 'Reload the page, then try again.' };
}
