import { summaryLine, type ClosableReporter } from './reporter.ts';
import { createStagePaces, describeState, secondsNow, type StageState } from './stage-paces.ts';

const BAR_WIDTH = 24;
const SECONDS_BETWEEN = 0.1;
const WIPE_LINE = '\r\u001B[2K';
const LINE_UP = '\u001B[1A';

/**
 * A reporter for a terminal: below the lines that stay, one bar a stage that goes on, with its rate and time left.
 *
 * @param write gets text and control sequences
 * @param columns the terminal's width; asked each time, since it changes
 * @param now a clock, in seconds
 */
export function createTerminalReporter(
  write: (text: string) => void,
  columns: () => number,
  now = secondsNow,
): ClosableReporter {
  const paces = createStagePaces(now);
  const going = new Map<string, StageState>();
  let shown = 0;
  let lastDrawn = -Infinity;
  const wiped = () => (shown === 0 ? '' : WIPE_LINE + (LINE_UP + WIPE_LINE).repeat(shown - 1));
  const draw = (kept = '') => {
    const bars = [...going.values()].map((state) => barLine(state, columns()));
    write(`${wiped()}${kept}${bars.join('\n')}`);
    shown = bars.length;
    lastDrawn = now();
  };
  const line = (text: string) => {
    draw(`${text}\n`);
  };
  return {
    note: line,
    warn: (text) => {
      line(`warning: ${text}`);
    },
    progress(stage, done, total, unit) {
      going.set(stage, paces.state(stage, done, total, unit));
      if (now() - lastDrawn >= SECONDS_BETWEEN) draw();
    },
    finished(summary) {
      going.delete(summary.stage);
      paces.end(summary.stage);
      line(summaryLine(summary));
    },
    close() {
      going.clear();
      draw();
    },
  };
}

/** `activations  ━━━━━━────── 312 of 4736, 41/s, 1 min 48 s left`, cut to the terminal: a longer line would wrap. */
function barLine(state: StageState, columns: number): string {
  const filled = state.total === 0 ? BAR_WIDTH : Math.floor((BAR_WIDTH * state.done) / state.total);
  const bar = '━'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled);
  return `${state.stage.padEnd(12)} ${bar} ${describeState(state)}`.slice(0, Math.max(1, columns - 1));
}
