import { metrics } from '../core/metrics/index.ts';
import type { Metric } from '../core/metrics/metric.ts';
import type { AtlasRecord, HeadRecord } from '../schema/records.ts';

/** A head that stands for the whole atlas, and why. */
export interface SignatureHead {
  readonly head: HeadRecord;
  readonly metric: Metric;
}

const PREFERRED = 'induction';

/** The metric by which pages choose what to show first: induction, or the atlas's first where it lacks that. */
export function signatureMetric(atlas: AtlasRecord): Metric | undefined {
  const name = atlas.metrics.includes(PREFERRED) ? PREFERRED : atlas.metrics[0];
  return metrics.find((metric) => metric.name === name);
}

/** The head that ranks first by that metric. */
export function signatureHead(atlas: AtlasRecord, heads: readonly HeadRecord[]): SignatureHead | undefined {
  const metric = signatureMetric(atlas);
  const head = heads.find((candidate) => candidate.metrics[metric?.name ?? '']?.rank === 1);
  return metric === undefined || head === undefined ? undefined : { head, metric };
}
