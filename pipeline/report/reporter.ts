/** How a stage of a run ended. */
export interface StageSummary {
  readonly stage: string;
  readonly made: number;
  readonly reused: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Where the pipeline says what it does. Everything goes to the error stream, or nowhere; results go elsewhere. */
export interface Reporter {
  /** A sentence worth reading once. */
  note(text: string): void;
  /** Something that the person should look at, though the run goes on. */
  warn(text: string): void;
  /** `done` of `total` items of a stage are finished; `unit` names what is counted, prompts or figures if left out. */
  progress(stage: string, done: number, total: number, unit?: string): void;
  finished(summary: StageSummary): void;
}

/** A reporter that a program ends by closing: what stands on the terminal for a moment only is wiped. */
export interface ClosableReporter extends Reporter {
  close(): void;
}

/** `activations   12 made, 0 reused  3.9 s` */
export function summaryLine({ stage, made, reused, failed, seconds }: StageSummary): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return `${stage.padEnd(12)} ${made} made, ${reused} reused${failures}  ${seconds.toFixed(1)} s`;
}

/** Passes everything on to `reporter` and keeps the summaries of the stages. */
export function recordSummaries(reporter: Reporter): Reporter & { readonly summaries: StageSummary[] } {
  const summaries: StageSummary[] = [];
  return {
    summaries,
    note: reporter.note.bind(reporter),
    warn: reporter.warn.bind(reporter),
    progress: reporter.progress.bind(reporter),
    finished(summary) {
      summaries.push(summary);
      reporter.finished(summary);
    },
  };
}
