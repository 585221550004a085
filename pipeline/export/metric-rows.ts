import type { HeadMetric } from '../../src/core/metrics/metric.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { missingMetrics, storedMeasures, type DeriveOptions } from '../stages/derive.ts';
import { measureName, valueAt, type Measured, type Measures } from '../stages/measures.ts';
import { overPrompts } from '../stages/over-prompts.ts';
import { headsOf, type HeadPosition, type Job } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import type { Store } from '../store/store.ts';
import { exportJobs } from './export-jobs.ts';
import type { Column, Row } from './table.ts';

/** Columns that say which head a row is about. */
const HEAD_COLUMNS: readonly Column[] = [
  { name: 'model', kind: 'text' },
  { name: 'stack', kind: 'text' },
  { name: 'layer', kind: 'whole' },
  { name: 'head', kind: 'whole' },
];

export interface MetricTables {
  /** One row a model, stack, layer, head and prompt. */
  readonly columns: readonly Column[];
  /** The columns of the means: one row a head. */
  readonly headColumns: readonly Column[];
  /**
   * Gives the rows of every job to `write`, a prompt's at once.
   *
   * @returns each head's means over the prompts on which a metric is defined, and its metrics over prompts
   */
  read(write: (rows: readonly Row[]) => Promise<void>): Promise<Row[]>;
}

/** The values of the atlas's metrics on `jobs`, as the store holds them. */
export function metricTables(
  jobs: readonly Job[],
  store: Store,
  context: StageContext,
  options: DeriveOptions,
): MetricTables {
  const metrics = options.metrics.filter(({ scope }) => scope === 'pattern');
  const ofHeads = options.metrics
    .filter((metric) => metric.scope === 'head')
    .filter((metric) => metric.prompts === 'atlas');
  const numbers = metrics.map(({ name }): Column => ({ name, kind: 'number' }));
  return {
    columns: [...HEAD_COLUMNS, { name: 'prompt', kind: 'text' }, ...numbers],
    headColumns: [
      ...HEAD_COLUMNS,
      { name: 'prompts', kind: 'whole' },
      ...numbers,
      ...ofHeads.map(({ name }): Column => ({ name, kind: 'number' })),
    ],
    async read(write) {
      const means = new Map<string, HeadMeans>();
      await exportJobs(jobs, 'exported', context, async (job) => {
        const measures = await storedMeasures(job, store);
        if (missingMetrics(measures, [...metrics, ...ofHeads], 'atlas').length > 0)
          throw atlasError('export-not-stored', {});
        const rows = headsOf(job).map((head, index): Row => {
          const values = metrics.map((metric) => valueAt(measures[measureName(metric)], index));
          meansOf(means, job, head, metrics.length, ofHeads).add(values, measures, index);
          return [...headCells(job, head), job.prompt.id, ...values];
        });
        await write(rows);
      });
      return [...means.values()].map((head) => head.row());
    },
  };
}

function headCells({ model }: Job, { stack, layer, head }: HeadPosition): Row {
  return [model.source.id, stack, layer, head];
}

interface HeadMeans {
  /** @param place of the head in the pack */
  add(values: readonly (number | null)[], measures: Measures, place: number): void;
  /** Means of the metrics of patterns, then the metrics over prompts. */
  row(): Row;
}

function meansOf(
  all: Map<string, HeadMeans>,
  job: Job,
  position: HeadPosition,
  metrics: number,
  ofHeads: readonly HeadMetric[],
): HeadMeans {
  const cells = headCells(job, position);
  const key = cells.join('/');
  const known = all.get(key);
  if (known !== undefined) return known;
  const sums = Array<number>(metrics).fill(0);
  const counts = Array<number>(metrics).fill(0);
  /** What the metrics over prompts keep of this head: one a prompt. */
  const kept: Measures[] = [];
  const means: HeadMeans = {
    add(values, measures, place) {
      const own = ofHeads.map((metric): [string, Measured] => {
        const name = measureName(metric);
        return [name, [measures[name]?.[place] ?? null]];
      });
      kept.push(Object.fromEntries(own));
      for (const [at, value] of values.entries()) {
        if (value === null) continue;
        sums[at] = (sums[at] ?? 0) + value;
        counts[at] = (counts[at] ?? 0) + 1;
      }
    },
    row: () => [
      ...cells,
      kept.length,
      ...sums.map((sum, at) => (counts[at] === 0 ? null : sum / (counts[at] ?? 1))),
      ...ofHeads.map((metric) => overPrompts(metric, { atlas: kept, probes: [] }, 0)?.value ?? null),
    ],
  };
  all.set(key, means);
  return means;
}
