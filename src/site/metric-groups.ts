import { metrics } from '../core/metrics/index.ts';
import type { HeadMetric, Metric, PatternMetric } from '../core/metrics/metric.ts';
import type { AtlasRecord } from '../schema/records.ts';

const TITLES: Readonly<Record<Metric['group'], string>> = {
  position: 'Where in the text it looks',
  content: 'Which tokens it looks at',
  shape: 'How its attention is spread',
  prompts: 'How it holds over prompts',
  detectors: 'As TransformerLens measures it',
};

/** The metrics of the atlas, in the order in which pages list them. */
export function atlasMetrics({ metrics: names }: Pick<AtlasRecord, 'metrics'>): Metric[] {
  return metrics.filter(({ name }) => names.includes(name));
}

/** Those that heads have: all but the metrics of whole models. */
export function headMetrics(atlas: Pick<AtlasRecord, 'metrics'>): (PatternMetric | HeadMetric)[] {
  return atlasMetrics(atlas).filter((metric) => metric.scope !== 'model');
}

/** Those that a single pattern has: what heads can be ranked by on one prompt. */
export function patternMetrics(atlas: Pick<AtlasRecord, 'metrics'>): PatternMetric[] {
  return atlasMetrics(atlas).filter((metric) => metric.scope === 'pattern');
}

/** What tells most heads apart, for places that have room for a few. */
const LEADING: readonly string[] = [
  'induction',
  'previous-token',
  'duplicate-token',
  'bracket-matching',
  'first-token',
  'entropy',
];

/** A few of the metrics of heads, the best known first; the atlas's first ones where it lacks those. */
export function leadingMetrics(
  atlas: Pick<AtlasRecord, 'metrics'>,
  count = LEADING.length,
): (PatternMetric | HeadMetric)[] {
  const listed = headMetrics(atlas);
  const place = (name: string) => (LEADING.includes(name) ? LEADING.indexOf(name) : LEADING.length);
  return listed.toSorted((a, b) => place(a.name) - place(b.name)).slice(0, count);
}

/** `members` by what they look at; groups without any are left out. */
export function metricGroups<M extends Metric>(
  members: readonly M[],
): { readonly title: string; readonly members: readonly M[] }[] {
  return Object.entries(TITLES).flatMap(([group, title]) => {
    const own = members.filter((metric) => metric.group === group);
    return own.length === 0 ? [] : [{ title, members: own }];
  });
}
