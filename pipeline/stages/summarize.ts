import type { Metric } from '../../src/core/metrics/metric.ts';
import type { MetricSummary } from '../../src/schema/records.ts';

/** Bins of a head's histogram over a metric's range. */
const BINS = 20;
/** Digits that a record keeps: more than any page shows, and few enough to keep the records small. */
const DIGITS = 6;

/** A metric's value for one head on one prompt. */
export interface PromptValue {
  readonly prompt: string;
  readonly value: number;
}

/** A metric's values for one head as a record tells them, but for the rank among other heads. */
export type UnrankedSummary = Omit<NonNullable<MetricSummary>, 'rank' | 'of'>;

/** Summarises `values`, of which null ones (not defined on the prompt) have been left out; null where none is left. */
export function summarize(metric: Metric, values: readonly PromptValue[]): UnrankedSummary | null {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const lowest = sorted[0];
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) return null;
  const mean = sorted.reduce((sum, { value }) => sum + value, 0) / sorted.length;
  return {
    mean: rounded(mean),
    min: rounded(lowest.value),
    max: rounded(highest.value),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)],
    histogram: histogram(metric, sorted),
    prompts: sorted.length,
    highest: highest.prompt,
    lowest: lowest.prompt,
  };
}

/** A value over many prompts at once, which belongs to no single one of them. */
export function summarizeOne(
  metric: Metric,
  { value, prompts }: { readonly value: number; readonly prompts: number },
): UnrankedSummary {
  const one = rounded(value);
  const bins = histogram(metric, [{ value }]);
  return { mean: one, min: one, max: one, quartiles: [one, one, one], histogram: bins, prompts };
}

/** Adds to each summary its place by mean, largest first; equal means share the better place. */
export function rank(summaries: readonly (UnrankedSummary | null)[]): MetricSummary[] {
  const means = summaries
    .flatMap((summary) => (summary === null ? [] : [summary.mean]))
    .sort((a, b) => b - a);
  const places = new Map<number, number>();
  for (const [index, mean] of means.entries()) if (!places.has(mean)) places.set(mean, index + 1);
  return summaries.map((summary) =>
    summary === null ? null : { ...summary, rank: places.get(summary.mean) ?? 1, of: means.length },
  );
}

export function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}

/** Linear interpolation between the closest ranks (Hyndman and Fan's type 7, NumPy's default). */
function quantile(sorted: readonly PromptValue[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]?.value ?? 0;
  const above = sorted[Math.ceil(position)]?.value ?? 0;
  return rounded(below + (above - below) * (position - Math.floor(position)));
}

function histogram(metric: Metric, values: readonly Pick<PromptValue, 'value'>[]): number[] {
  const [least, greatest] = metric.range;
  const counts = Array<number>(BINS).fill(0);
  for (const { value } of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - least) / (greatest - least)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
