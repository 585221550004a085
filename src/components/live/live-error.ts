import type { LiveFailure } from './live-failure.ts';

/** A failure of the worker, already in a visitor's words. */
export class LiveError extends Error {
  readonly failure: LiveFailure;

  constructor(failure: LiveFailure) {
    super(failure.title);
    this.name = 'LiveError';
    this.failure = failure;
  }
}
