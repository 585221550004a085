import { summaryLine, type ClosableReporter } from './reporter.ts';
import { createStagePaces, describeState, secondsNow } from './stage-paces.ts';

/** In a log, a stage says where it stands this often. */
const SECONDS_BETWEEN = 30;

/**
 * A reporter for logs: plain lines, nothing written over.
 *
 * @param write gets each line with its newline
 * @param now a clock, in seconds
 */
export function createLineReporter(write: (text: string) => void, now = secondsNow): ClosableReporter {
  const paces = createStagePaces(now);
  const lastLines = new Map<string, number>();
  const line = (text: string) => {
    write(`${text}\n`);
  };
  return {
    note: line,
    warn: (text) => {
      line(`warning: ${text}`);
    },
    progress(stage, done, total, unit) {
      const state = paces.state(stage, done, total, unit);
      const last = lastLines.get(stage) ?? now();
      lastLines.set(stage, last);
      if (now() - last < SECONDS_BETWEEN) return;
      lastLines.set(stage, now());
      line(`${stage.padEnd(12)} ${describeState(state)}`);
    },
    finished(summary) {
      paces.end(summary.stage);
      lastLines.delete(summary.stage);
      line(summaryLine(summary));
    },
    close: () => undefined,
  };
}
