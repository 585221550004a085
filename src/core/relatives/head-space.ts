import type { MetricSummary } from '../../schema/records.ts';
import { patternSpace, type PatternSpace, type SketchedHead } from './pattern-space.ts';
import { standardized } from './standardized.ts';

/** A head as its metrics and patterns describe it over the atlas's prompts. */
export interface DescribedHead {
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** Absent where nothing is known of its patterns. */
  readonly patterns?: SketchedHead | undefined;
}

/**
 * Heads as points: of each metric the lower quartile, the mean and the upper quartile over the prompts, each less its mean over all
 * heads and divided by its standard deviation over them, so that metrics of wide and narrow ranges weigh the same. What does not
 * differ between heads is left out. Their patterns stand beside that.
 */
export interface HeadSpace {
  readonly heads: number;
  /** Of each coordinate, the metric that it belongs to. */
  readonly metrics: readonly string[];
  /** `[heads, metrics.length]`, in standard deviations; NaN where a head has no such metric. */
  readonly points: Float32Array;
  readonly patterns: PatternSpace;
}

const COORDINATES: readonly ((summary: NonNullable<MetricSummary>) => number)[] = [
  ({ quartiles }) => quartiles[0],
  ({ mean }) => mean,
  ({ quartiles }) => quartiles[2],
];

/** @param names of the metrics that count */
export function headSpace(heads: readonly DescribedHead[], names: readonly string[]): HeadSpace {
  const columns = names.flatMap((name) =>
    COORDINATES.flatMap((coordinate) => {
      const values = heads.map(({ metrics }) => {
        const summary = metrics[name];
        return summary == null ? Number.NaN : coordinate(summary);
      });
      const scaled = standardized(values);
      return scaled === undefined ? [] : [{ name, scaled }];
    }),
  );
  const points = new Float32Array(heads.length * columns.length);
  for (const [at, { scaled }] of columns.entries()) {
    for (const [head, value] of scaled.entries()) points[head * columns.length + at] = value;
  }
  return {
    heads: heads.length,
    metrics: columns.map(({ name }) => name),
    points,
    patterns: patternSpace(heads.map(({ patterns }) => patterns)),
  };
}
