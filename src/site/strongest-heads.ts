import type { HeadRecord, MetricSummary } from '../schema/records.ts';

/** The heads of `heads` with the largest mean of `metric`, strongest first. */
export function strongestHeads(
  heads: readonly HeadRecord[],
  metric: string,
  count: number,
): { readonly head: HeadRecord; readonly summary: NonNullable<MetricSummary> }[] {
  return heads
    .flatMap((head) => {
      const summary = head.metrics[metric];
      return summary == null ? [] : [{ head, summary }];
    })
    .sort((a, b) => b.summary.mean - a.summary.mean)
    .slice(0, count);
}
