import type { Pattern } from '../pattern.ts';
import { isOfOneText, meanOnKeys } from './averages.ts';
import { earlierFollowers } from './occurrences.ts';

/**
 * The attention that repeated tokens give what followed them before, averaged over these queries with `weightOf`
 * each (1 if left out); null where no token repeats, or the weights are all 0.
 */
export function inductionScore(
  pattern: Pattern,
  ids: readonly number[],
  weightOf?: (query: number) => number,
): number | null {
  if (!isOfOneText(pattern)) return null;
  const followers = earlierFollowers(ids);
  if (weightOf === undefined) return meanOnKeys(pattern, (query) => followers[query]);
  const { rows, columns, values } = pattern;
  let sum = 0;
  let weights = 0;
  for (let query = 0; query < rows; query++) {
    const keys = followers[query];
    if (keys === undefined) continue;
    const weight = weightOf(query);
    weights += weight;
    for (const key of keys) sum += weight * (values[query * columns + key] ?? 0);
  }
  return weights === 0 ? null : sum / weights;
}
