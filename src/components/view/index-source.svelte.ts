import type { SiteIndex } from '../../schema/site-index.ts';
import { failureOf, type Failure } from './load-file.ts';
import { loadIndex } from './load-index.ts';

/** The index of the atlas, once it is asked for. */
export class IndexSource {
  index = $state.raw<SiteIndex>();
  failure = $state.raw<Failure>();
  readonly #base: () => string;
  #loading: Promise<void> | undefined;

  constructor(base: () => string) {
    this.#base = base;
  }

  /** Loads it, once; after a failure, again. Resolves in either case. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    const fresh = this.failure !== undefined;
    this.failure = undefined;
    try {
      this.index = await loadIndex(this.#base(), fresh);
    } catch (error) {
      this.failure = failureOf(error);
      this.#loading = undefined;
    }
  }
}
