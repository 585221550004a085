import { describeDuration } from '../../src/core/describe-duration.ts';
import { createPace, describeRate, type Pace } from './pace.ts';

/** The clock of reports, in seconds. */
export const secondsNow = (): number => performance.now() / 1000;

/** Where a stage stands. */
export interface StageState {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string | undefined;
  readonly pace: Pace | undefined;
}

/** Follows the paces of stages, several of which may go on at a time. */
export function createStagePaces(now: () => number = secondsNow) {
  const paces = new Map<string, ReturnType<typeof createPace>>();
  return {
    state(stage: string, done: number, total: number, unit: string | undefined): StageState {
      const pace = paces.get(stage) ?? createPace(now);
      paces.set(stage, pace);
      return { stage, done, total, unit, pace: pace(done, total) };
    },
    end(stage: string) {
      paces.delete(stage);
    },
  };
}

/** `312 of 4736 MB, 41/s, 1 min 48 s left`: rate and time where they are known. */
export function describeState({ done, total, unit, pace }: StageState): string {
  const count = `${done} of ${total}${unit === undefined ? '' : ` ${unit}`}`;
  if (pace === undefined || done === total) return count;
  return `${count}, ${describeRate(pace.perSecond)}, ${describeDuration(pace.secondsLeft)} left`;
}
