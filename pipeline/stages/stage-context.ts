import { AtlasError } from '../../src/schema/errors/index.ts';
import type { Reporter } from '../report/reporter.ts';

/** What every stage is handed: where to report, and when to stop. */
export interface StageContext {
  readonly reporter: Reporter;
  /** Aborted when the person interrupts the run. */
  readonly signal: AbortSignal;
  /** Bytes that the run may take; as many as it needs if left out. */
  readonly memory?: number | undefined;
  /** Errors of single prompts so far; stages add to it. */
  readonly failures: AtlasError[];
}

/** Counts what a stage does and reports it. */
export interface StageCounter {
  made(): void;
  reused(): void;
  failed(error: AtlasError): void;
  end(): void;
}

/** Errors that concern one prompt on one model: the others go on. Any other error ends the run. */
const PROMPT_ERRORS: ReadonlySet<string> = new Set([
  'prompt-too-long',
  'text-too-long',
  'token-id-out-of-range',
  'inference-failed',
  'prompt-over-memory',
]);

/** Begins a stage of `total` items. */
export function beginStage(context: StageContext, stage: string, total: number): StageCounter {
  const start = performance.now();
  const counts = { made: 0, reused: 0, failed: 0 };
  const count = (kind: keyof typeof counts) => {
    counts[kind]++;
    context.reporter.progress(stage, counts.made + counts.reused + counts.failed, total);
  };
  return {
    made: () => {
      count('made');
    },
    reused: () => {
      count('reused');
    },
    failed(error) {
      context.failures.push(error);
      count('failed');
    },
    end() {
      context.reporter.finished({ stage, ...counts, seconds: (performance.now() - start) / 1000 });
    },
  };
}

/** The error, placed at `model` and `prompt`, if it concerns one prompt alone; anything else is thrown again. */
export function promptError(error: unknown, model: string, prompt: string): AtlasError {
  if (error instanceof AtlasError && PROMPT_ERRORS.has(error.code)) {
    return new AtlasError(error.code, error.explanation, { ...error.place, model, prompt }, error.cause);
  }
  throw error;
}
