import type { AtlasData } from '../content-loader/atlas-data.ts';
import { metrics } from '../core/metrics/index.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { HeadRecord, MetricSummary } from '../schema/records.ts';
import { showcase } from './showcase.ts';

/** The metric by which a head stands highest: what it is looked at for. */
export function leadMetric(
  { atlas }: Pick<AtlasData, 'atlas'>,
  head: HeadRecord,
): { readonly metric: Metric; readonly summary: NonNullable<MetricSummary> } | undefined {
  return metrics
    .filter((metric) => atlas.metrics.includes(metric.name))
    .flatMap((metric) => {
      const summary = head.metrics[metric.name];
      return summary == null ? [] : [{ metric, summary }];
    })
    .sort((a, b) => a.summary.rank - b.summary.rank)[0];
}

/** The prompt on which a head is shown: where that metric shows best, or else the first. */
export function shownPrompt(data: AtlasData, head: HeadRecord): string | undefined {
  const lead = leadMetric(data, head);
  const best = lead && showcase(data.prompts, head, lead.metric.name)?.prompt;
  return best ?? data.model(head.model).sheet.tiles[0]?.prompt;
}
