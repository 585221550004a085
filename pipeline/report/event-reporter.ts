import type { ClosableReporter } from './reporter.ts';
import { createStagePaces, secondsNow } from './stage-paces.ts';

const SECONDS_BETWEEN = 1;

/**
 * A reporter for programs: one JSON object a line, each with an `event`: `note`, `warning`, `progress` (at most one a second
 * and stage, and the last), `stage`.
 *
 * @param write gets each line with its newline
 * @param now a clock, in seconds
 */
export function createEventReporter(write: (text: string) => void, now = secondsNow): ClosableReporter {
  const paces = createStagePaces(now);
  const lastEvents = new Map<string, number>();
  const event = (value: object) => {
    write(`${JSON.stringify(value)}\n`);
  };
  return {
    note: (text) => {
      event({ event: 'note', text });
    },
    warn: (text) => {
      event({ event: 'warning', text });
    },
    progress(stage, done, total, unit) {
      const { pace } = paces.state(stage, done, total, unit);
      if (done < total && now() - (lastEvents.get(stage) ?? -Infinity) < SECONDS_BETWEEN) return;
      lastEvents.set(stage, now());
      event({ event: 'progress', stage, done, total, ...(unit && { unit }), ...pace });
    },
    finished(summary) {
      paces.end(summary.stage);
      lastEvents.delete(summary.stage);
      event({ event: 'stage', ...summary });
    },
    close: () => undefined,
  };
}
