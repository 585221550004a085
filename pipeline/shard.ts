import { cellsOf, type Job } from './stages/plan.ts';

/** A share of a run: the `index`th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** More shards than this are a mistake. */
const MOST = 100_000;

/**
 * Reads `2/4`. Job arrays that count from 0 may say `0/4`: the last share goes by that name, too.
 *
 * @returns undefined for anything else
 */
export function parseShard(text: string): Shard | undefined {
  const [, first = '', second = ''] = /^(\d{1,6})\/(\d{1,6})$/u.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  if (second === '' || count < 1 || count > MOST || index > count) return undefined;
  return { index: index === 0 ? count : index, count };
}

/** `2/4` */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * The jobs of a shard: a run of neighbours, so that it loads few models, of about its share of the work. Every job is
 * in one shard of the `count`, whoever asks, as long as all are given the same jobs.
 */
export function shareOf<T extends Job>(jobs: readonly T[], { index, count }: Shard): T[] {
  const total = jobs.reduce((sum, job) => sum + workOf(job), 0);
  let before = 0;
  return jobs.filter((job) => {
    const middle = before + workOf(job) / 2;
    before += workOf(job);
    return Math.min(count, Math.floor((middle / total) * count) + 1) === index;
  });
}

/** What a job costs, in numbers that are multiplied or written, more or less. */
function workOf(job: Job): number {
  const tokens = job.tokenized.ids.length;
  const weights = 'npz' in job ? 0 : job.model.checkpoint.parameters * tokens;
  return 1 + weights + cellsOf(job, { whole: true });
}
