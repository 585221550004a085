import type { Stretch } from './patterns.ts';

/** What becomes of the matches when a text is split at them. */
export type SplitBehavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

/** UTF-16 range `[from, to)`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The ranges that remain of `stretches`, in order, by the reference's rule for each behaviour. */
export function splitByBehavior(stretches: readonly Stretch[], behavior: SplitBehavior): Range[] {
  switch (behavior) {
    case 'Removed':
      return stretches.filter(({ matched }) => !matched);
    case 'Isolated':
      return [...stretches];
    case 'Contiguous':
      return merge(stretches, (stretch, previousMatched) => stretch.matched === previousMatched);
    case 'MergedWithPrevious':
      return merge(stretches, (stretch, previousMatched) => stretch.matched && !previousMatched);
    case 'MergedWithNext':
      // The mirror image: going backwards, a match joins the stretch that was seen before it.
      return merge(
        [...stretches].reverse(),
        (stretch, nextMatched) => stretch.matched && !nextMatched,
      ).reverse();
  }
}

/** Joins each stretch for which `joins` holds to the range made before it, where there is one. */
function merge(
  stretches: readonly Stretch[],
  joins: (stretch: Stretch, previousMatched: boolean) => boolean,
): Range[] {
  const ranges: Range[] = [];
  let previousMatched = false;
  for (const stretch of stretches) {
    const last = ranges.at(-1);
    if (last !== undefined && joins(stretch, previousMatched)) {
      ranges[ranges.length - 1] = {
        from: Math.min(last.from, stretch.from),
        to: Math.max(last.to, stretch.to),
      };
    } else ranges.push(stretch);
    previousMatched = stretch.matched;
  }
  return ranges;
}
