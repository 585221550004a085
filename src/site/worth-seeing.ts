import type { Metric } from '../core/metrics/metric.ts';
import type { HeadRecord, ModelRecord, PromptRecord } from '../schema/records.ts';
import { rankedHeads, type RankedHead } from './metric-ends.ts';
import { showcase } from './showcase.ts';

/** A head near one end of a metric, on a prompt that shows it. */
export interface Exhibit {
  readonly metric: Metric;
  readonly end: 'highest' | 'lowest';
  readonly head: HeadRecord;
  readonly prompt: string;
  readonly mean: number;
}

/** What exhibits are chosen from. */
interface Collection {
  readonly models: readonly ModelRecord[];
  readonly heads: readonly HeadRecord[];
  readonly prompts: readonly PromptRecord[];
}

/** Metrics whose smallest values are worth seeing too. */
const TWO_ENDED: ReadonlySet<string> = new Set(['entropy']);

/**
 * For each of `metrics` the head with the largest mean, and for some also the one with the smallest. No head is shown
 * twice, not even at another moment of its training: the next one takes its place.
 */
export function worthSeeing(metrics: readonly Metric[], collection: Collection): Exhibit[] {
  const series = new Map(collection.models.map(({ id, series: own }) => [id, own?.name ?? id]));
  const shown = new Set<string>();
  const kinOf = ({ model, stack, layer, head }: HeadRecord) =>
    `${series.get(model) ?? model} ${stack} ${layer} ${head}`;
  return metrics.flatMap((metric) => {
    const ranked = rankedHeads(collection.heads, metric.name);
    const ends = TWO_ENDED.has(metric.name) ? (['lowest', 'highest'] as const) : (['highest'] as const);
    return ends.flatMap((end) => {
      const order = end === 'highest' ? ranked : ranked.toReversed();
      const found = order.find(({ head }) => !shown.has(kinOf(head)));
      if (found === undefined) return [];
      shown.add(kinOf(found.head));
      return exhibit(metric, end, found, collection.prompts);
    });
  });
}

function exhibit(
  metric: Metric,
  end: Exhibit['end'],
  { head, summary }: RankedHead,
  prompts: readonly PromptRecord[],
): Exhibit[] {
  const shown = end === 'highest' ? showcase(prompts, head, metric.name) : undefined;
  const prompt = shown?.prompt ?? summary[end] ?? showcase(prompts, head, metric.name)?.prompt;
  return prompt === undefined ? [] : [{ metric, end, head, prompt, mean: summary.mean }];
}
