import type { Pattern } from '../pattern.ts';

/** What a metric of scope `pattern` may look at. */
export interface MetricInput {
  readonly pattern: Pattern;
  /** Token ids of the keys, `[columns]`. */
  readonly ids: readonly number[];
}

interface Source {
  readonly text: string;
  readonly year: number;
  readonly url?: string;
}

/** A number that says how strongly a head shows one behaviour on one prompt. */
export interface Metric {
  /** In addresses, the config and queries: kebab-case, never changed. */
  readonly name: string;
  readonly title: string;
  /** Every value lies in it; the pipeline stops on one that does not. */
  readonly range: readonly [least: number, greatest: number];
  /** One sentence: what a large value means. */
  readonly reading: string;
  /** In words and plain mathematics, with A[i, j] for query i and key j. */
  readonly formula: string;
  readonly source: Source;
  /** Where a large or small value does not mean what one thinks. */
  readonly misleads: string;
  /** The value, or null where the prompt or pattern says nothing about it (such as no repeated token). */
  compute(input: MetricInput): number | null;
}

/**
 * The value of `metric`, checked.
 *
 * @throws RangeError when the metric breaks its own declaration
 */
export function measure(metric: Metric, input: MetricInput): number | null {
  const value = metric.compute(input);
  if (value === null) return null;
  const [least, greatest] = metric.range;
  const slack = 1e-5 * (greatest - least); // sums of float32 probabilities pass 1 by a rounding error
  if (!(value >= least - slack && value <= greatest + slack)) {
    throw new RangeError(`Metric ${metric.name} gave ${value}, outside its range ${least}..${greatest}`);
  }
  return Math.min(greatest, Math.max(least, value));
}
