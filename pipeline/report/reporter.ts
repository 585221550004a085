/** How a stage of a run ended. */
interface StageSummary {
  readonly stage: string;
  readonly made: number;
  readonly reused: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Where the pipeline says what it does. Everything goes to the terminal's error stream, or nowhere. */
export interface Reporter {
  /** A sentence worth reading once. */
  note(text: string): void;
  /** Something that the person should look at, though the run goes on. */
  warn(text: string): void;
  /** `done` of `total` items of a stage are finished. */
  progress(stage: string, done: number, total: number): void;
  finished(summary: StageSummary): void;
}

/**
 * A reporter that writes lines.
 *
 * @param write gets each line without its newline
 * @param isTerminal progress is a line that is written over, and only on a terminal
 */
export function createLineReporter(write: (text: string) => void, isTerminal: boolean): Reporter {
  let shown = 0;
  const line = (text: string) => {
    if (shown > 0) write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
    write(`${text}\n`);
  };
  let lastProgress = 0;
  return {
    note: line,
    warn: (text) => {
      line(`warning: ${text}`);
    },
    progress(stage, done, total) {
      const now = performance.now();
      if (!isTerminal || (done < total && now - lastProgress < 100)) return;
      lastProgress = now;
      const text = `${stage}  ${done} of ${total}`;
      write(`\r${text}${' '.repeat(Math.max(0, shown - text.length))}`);
      shown = text.length;
    },
    finished({ stage, made, reused, failed, seconds }) {
      const failures = failed === 0 ? '' : `, ${failed} failed`;
      line(`${stage.padEnd(12)} ${made} made, ${reused} reused${failures}  ${seconds.toFixed(1)} s`);
    },
  };
}
