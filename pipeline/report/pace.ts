import { describeDuration } from '../../src/core/describe-duration.ts';

/** How fast a stage goes now. */
export interface Pace {
  readonly perSecond: number;
  /** Until the stage is done at this rate. */
  readonly secondsLeft: number;
}

/** What is older does not count: items that the store held already go by in no time, and say nothing of the others. */
const WINDOW_SECONDS = 20;
const LEAST_SECONDS = 2;
const SAMPLE_SECONDS = 0.25;

/**
 * Tells the pace of a stage from its last seconds.
 *
 * @param now a clock, in seconds
 * @returns given how many of how many items are done, the pace; undefined while too little was seen
 */
export function createPace(now: () => number): (done: number, total: number) => Pace | undefined {
  const samples: { readonly at: number; readonly done: number }[] = [];
  return (done, total) => {
    const at = now();
    if (at - (samples.at(-1)?.at ?? -Infinity) >= SAMPLE_SECONDS) samples.push({ at, done });
    while ((samples[1]?.at ?? Infinity) <= at - WINDOW_SECONDS) samples.shift();
    const first = samples[0];
    if (first === undefined || at - first.at < LEAST_SECONDS || done <= first.done) return undefined;
    const perSecond = (done - first.done) / (at - first.at);
    return { perSecond, secondsLeft: (total - done) / perSecond };
  };
}

/** `41/s`, `2.3/s`, or for slow stages `12 s each`. */
export function describeRate(perSecond: number): string {
  if (perSecond >= 10) return `${Math.round(perSecond)}/s`;
  if (perSecond >= 0.5) return `${perSecond.toFixed(1)}/s`;
  return `${describeDuration(1 / perSecond)} each`;
}
