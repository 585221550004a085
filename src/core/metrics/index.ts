import { selectNamed } from '../select-named.ts';
import { entropy } from './entropy.ts';
import { induction } from './induction.ts';
import type { Metric } from './metric.ts';
import { previousToken } from './previous-token.ts';

/** Every built-in metric, in the order in which pages list them. */
export const metrics: readonly Metric[] = [previousToken, induction, entropy];

/**
 * The metrics of these names, in their order.
 *
 * @throws AtlasError `unknown-metric`
 */
export function selectMetrics(names: readonly string[]): Metric[] {
  return selectNamed(names, metrics, 'unknown-metric');
}
