import type { Ablation } from '../../schema/live-state.ts';
import type { LiveFailure } from './live-failure.ts';
import type { LiveFile, LiveModel } from './live-model.ts';
import type { LiveRun } from './live-run.ts';

/** What the page asks of its worker; each request is answered under its number. */
export type LiveRequest = { readonly number: number } & (
  | { readonly kind: 'load'; readonly runtime: LiveFile; readonly model: LiveModel }
  | {
      readonly kind: 'run';
      readonly model: string;
      readonly text: string;
      readonly ablations: readonly Ablation[];
    }
);

/** Bytes that have come, of all that a loading takes. */
export interface LoadProgress {
  readonly received: number;
  readonly total: number;
}

/** What the worker says; after `loaded`, `run` and `failed` it says no more under that number. */
export type LiveAnswer = { readonly number: number } & (
  | ({ readonly kind: 'progress' } & LoadProgress)
  | { readonly kind: 'loaded' }
  | { readonly kind: 'run'; readonly run: LiveRun }
  | { readonly kind: 'failed'; readonly failure: LiveFailure }
);
