import { join } from 'node:path';
import type { DeriveOptions } from '../stages/derive.ts';
import type { Job } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import type { Files } from '../store/files.ts';
import { withScratch } from '../store/scratch.ts';
import type { Store } from '../store/store.ts';
import { metricTables } from './metric-rows.ts';
import type { Column, TableWriter } from './table.ts';
import { csvWriter, jsonWriter } from './text-tables.ts';

const WRITERS = {
  csv: () => csvWriter,
  json: () => jsonWriter,
  /** Only where it is asked for: it takes a while to load. */
  parquet: async () => (await import('./parquet-table.ts')).parquetWriter,
} as const;
export type MetricFormat = keyof typeof WRITERS;
export const METRIC_FORMATS = Object.keys(WRITERS) as MetricFormat[];

/**
 * Writes the metrics of `jobs` as two tables: `metrics`, one row a head and prompt, and `heads`, the means of each
 * head. What is not finished is in no file.
 *
 * @returns the files, and the rows of the first
 */
export async function exportMetrics(
  jobs: readonly Job[],
  out: string,
  format: MetricFormat,
  store: Store,
  context: StageContext & { readonly files: Files },
  options: DeriveOptions,
): Promise<{ files: string[]; rows: number }> {
  const tables = metricTables(jobs, store, context, options);
  const paths = [join(out, `metrics.${format}`), join(out, `heads.${format}`)] as const;
  const begin: (columns: readonly Column[]) => TableWriter = await WRITERS[format]();
  const rows = await withScratch(out, async (scratch) => {
    const writer = begin(tables.columns);
    let count = 0;
    await scratch.append(writer.begin());
    const heads = await tables.read(async (next) => {
      count += next.length;
      await scratch.append(writer.rows(next));
    });
    await scratch.append(writer.end());
    const means = begin(tables.headColumns);
    await context.files.write(paths[0], scratch.chunks());
    await context.files.write(paths[1], Buffer.concat([means.begin(), means.rows(heads), means.end()]));
    return count;
  });
  return { files: [...paths], rows };
}
