import type { Metric } from './metric.ts';

/** Metrics of the atlas's own files, as `../figures/own.ts` says of figures. */
export const ownMetrics: readonly Metric[] = [];
