import type { HeadRecord, MetricSummary } from '../schema/records.ts';

/** A head and how one metric came out for it. */
export interface RankedHead {
  readonly head: HeadRecord;
  readonly summary: NonNullable<MetricSummary>;
}

/** The heads that have `metric`, largest mean first. */
export function rankedHeads(heads: readonly HeadRecord[], metric: string): RankedHead[] {
  return heads
    .flatMap((head) => {
      const summary = head.metrics[metric];
      return summary == null ? [] : [{ head, summary }];
    })
    .sort((a, b) => b.summary.mean - a.summary.mean);
}

/**
 * The first and the last `count` of `ranked`, the last from the smallest on; together no head twice, so each end is
 * shorter where there are few heads.
 */
export function bothEnds(
  ranked: readonly RankedHead[],
  count: number,
): { readonly largest: readonly RankedHead[]; readonly smallest: readonly RankedHead[] } {
  const each = Math.min(count, Math.ceil(ranked.length / 2));
  return {
    largest: ranked.slice(0, each),
    smallest: ranked.slice(Math.max(each, ranked.length - each)).toReversed(),
  };
}

/** How many of `ranked` have a mean in each of `bins` equal parts of `range`. */
export function meansHistogram(
  ranked: readonly RankedHead[],
  [least, greatest]: readonly [number, number],
  bins: number,
): number[] {
  const counts = Array<number>(bins).fill(0);
  for (const { summary } of ranked) {
    const bin = Math.min(bins - 1, Math.floor(((summary.mean - least) / (greatest - least)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
