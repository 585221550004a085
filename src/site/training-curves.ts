import type { AtlasData } from '../content-loader/atlas-data.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { HeadRecord } from '../schema/records.ts';
import { paths, type HeadAddress } from '../schema/urls.ts';
import { headMetrics } from './metric-groups.ts';

/** One metric of a head at each step of a training; undefined at steps where it is not available. */
interface Curve {
  readonly metric: Metric;
  /** Means over the prompts. */
  readonly values: readonly (number | undefined)[];
  /** Where in the metric's range each lies, from 0 to 1. */
  readonly shares: readonly (number | undefined)[];
}

interface Curves {
  readonly steps: readonly { readonly model: string; readonly step: number }[];
  readonly curves: readonly Curve[];
}

/** The metrics of one head over its model's training, the one that moved most first; none where there are not two steps. */
export function curvesOf(data: AtlasData, head: HeadRecord, address: HeadAddress): Curves {
  const own = data.model(head.model).series?.name;
  const series = data.atlas.series.find(({ name }) => name === own);
  const recordAt = (model: string) =>
    data
      .headsOf(model)
      .find((each) => each.stack === head.stack && each.layer === head.layer && each.head === head.head);
  const found = (series?.checkpoints ?? []).flatMap((step) => {
    const record = data.hasPage(paths.head({ ...address, model: step.model }))
      ? recordAt(step.model)
      : undefined;
    return record === undefined ? [] : [{ step, record }];
  });
  const steps = found.map(({ step }) => step);
  if (steps.length < 2) return { steps, curves: [] };
  const curves = headMetrics(data.atlas).flatMap((metric): Curve[] => {
    const values = found.map(({ record }) => record.metrics[metric.name]?.mean);
    const known = values.filter((value) => value !== undefined);
    if (known.length < 2) return [];
    const [least, greatest] = boundsOf(metric, known);
    const shares = values.map((value) =>
      value === undefined ? undefined : (value - least) / (greatest - least),
    );
    return [{ metric, values, shares }];
  });
  return { steps, curves: curves.toSorted((a, b) => movement(b) - movement(a)) };
}

/** The metric's range, or what was met where it has no end. */
function boundsOf(
  { range: [least, greatest] }: Metric,
  values: readonly number[],
): readonly [number, number] {
  const low = Number.isFinite(least) ? least : Math.min(0, ...values);
  const high = Number.isFinite(greatest) ? greatest : Math.max(low + 1e-9, ...values);
  return [low, high];
}

function movement({ shares }: Curve): number {
  const known = shares.filter((share) => share !== undefined);
  return Math.max(...known) - Math.min(...known);
}
