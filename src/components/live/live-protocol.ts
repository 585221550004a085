import type { Ablation } from '../../schema/live-state.ts';
import type { LiveFailure } from './live-failure.ts';
import type { LiveFile, LiveModel } from './live-model.ts';
import type { LiveRun } from './live-run.ts';
import type { Processor } from './processor.ts';

/** What the page asks of its worker; each request is answered under its number. */
export type LiveRequest = { readonly number: number } &
  /** To fetch the scripts that run models, where the rest is kept: the connection may be gone when it is started. */
  (
    | { readonly kind: 'prepare'; readonly processor: Processor }
    | {
        readonly kind: 'load';
        readonly processor: Processor;
        /** The program that runs models there. */
        readonly runtime: LiveFile;
        readonly model: LiveModel;
      }
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

/** Where a loaded model runs: on the processor that was asked for, or why on the other one. */
export interface RunsOn {
  readonly processor: Processor;
  readonly reason?: string;
}

/** What the worker says; after `prepared`, `loaded`, `run` and `failed` it says no more under that number. */
export type LiveAnswer = { readonly number: number } & (
  | ({ readonly kind: 'progress' } & LoadProgress)
  | { readonly kind: 'prepared' }
  | ({ readonly kind: 'loaded' } & RunsOn)
  | { readonly kind: 'run'; readonly run: LiveRun }
  | { readonly kind: 'failed'; readonly failure: LiveFailure }
);
