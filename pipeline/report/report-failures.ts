import { formatError, type AtlasError } from '../../src/schema/errors/index.ts';
import type { Reporter } from './reporter.ts';

/** Of one reason, so that a figure that always fails does not fill the terminal. */
const SHOWN = 3;

/** Warns of each failure; of those with the same reason only the first few, and how many there are. */
export function reportFailures(failures: readonly AtlasError[], reporter: Reporter): void {
  const reason = ({ code, explanation }: AtlasError) => `${code} ${explanation.why}`;
  for (const alike of Map.groupBy(failures, reason).values()) {
    for (const failure of alike.slice(0, SHOWN)) reporter.warn(formatError(failure));
    const left = alike.length - SHOWN;
    if (left > 0) reporter.warn(`${left} more prompts failed for the reason named last`);
  }
}
