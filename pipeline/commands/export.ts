import { Option } from 'commander';
import { atlasError, formatError, type AtlasError } from '../../src/schema/errors/index.ts';
import { exportMetrics, METRIC_FORMATS, type MetricFormat } from '../export/export-metrics.ts';
import { exportNpz } from '../export/export-npz.ts';
import { loadConfig, metricsOf, storeFolder } from '../load-config.ts';
import { planJobs } from '../plan-jobs.ts';
import type { DeriveOptions } from '../stages/derive.ts';
import { headsOf, type Job } from '../stages/plan.ts';
import { openStore } from '../store/store.ts';
import type { AddCommand, CommandContext } from './command.ts';
import { commaList, wholeNumber } from './options.ts';

interface ExportOptions {
  readonly format: 'npz' | MetricFormat;
  readonly out: string;
  readonly models?: string[];
  readonly prompts?: string[];
  readonly nSamples?: number;
  readonly savePath?: string;
}

export const addExport: AddCommand = (program, run) => {
  program
    .command('export')
    .description("write stored patterns as npz in pattern-lens's layout, or metrics as a table")
    .addOption(
      new Option('--format <name>', 'patterns as npz; metrics as csv, json or parquet')
        .choices(['npz', ...METRIC_FORMATS])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'where the files go')
    .option('-m, --models <list>', 'models of the config, separated by commas; all if left out', commaList)
    .option(
      '-p, --prompts <list>',
      'ids of prompts or names of sets, separated by commas; all if left out',
      commaList,
    )
    .option('-n, --n-samples <number>', 'only the first prompts of each model', wholeNumber('--n-samples', 1))
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .action((options: ExportOptions) => run((context) => exportStored(options, context)));
};

async function exportStored(options: ExportOptions, context: CommandContext): Promise<0 | 1> {
  const loaded = await loadConfig(context.options.config);
  const { config } = loaded;
  const store = openStore(options.savePath ?? storeFolder(loaded), context.files);
  const failures: AtlasError[] = [];
  const stageContext = { ...context, failures };
  const planned = await planJobs(loaded, store, { ...stageContext, dryRun: true, failures: [] });
  const jobs = choose(
    planned.jobs,
    planned.sets.map(({ name }) => name),
    options,
  );
  const patterns = jobs.reduce((sum, job) => sum + headsOf(job).length, 0);
  if (context.dryRun) {
    context.result({ jobs: jobs.length, patterns }, `would export ${patterns} patterns, or their metrics`);
    return 0;
  }
  const derived: DeriveOptions = {
    precision: config.packs.precision,
    metrics: metricsOf(loaded),
    bundles: loaded.own.metrics.map(({ bundle }) => bundle),
  };
  const { value, text } =
    options.format === 'npz'
      ? await npz(jobs, options.out)
      : await metrics(jobs, options.out, options.format);
  for (const failure of failures) context.reporter.warn(formatError(failure));
  context.result({ ...value, failed: failures.length }, text);
  return failures.length > 0 && !context.keepGoing ? 1 : 0;

  async function npz(chosen: readonly Job[], out: string) {
    const { written, maxError } = await exportNpz(chosen, out, store, stageContext, derived);
    const exactness =
      maxError === 0
        ? 'exactly as they were computed'
        : `from packs, as the patterns themselves were dropped: off by up to ${maxError.toPrecision(2)}`;
    return { value: { out, written, maxError }, text: `${written} npz files are in ${out}, ${exactness}` };
  }

  async function metrics(chosen: readonly Job[], out: string, format: MetricFormat) {
    const { files, rows } = await exportMetrics(chosen, out, format, store, stageContext, derived);
    return {
      value: { files, rows },
      text: `${rows} rows are in ${files[0]}, means of each head in ${files[1]}`,
    };
  }
}

function choose(jobs: readonly Job[], sets: readonly string[], options: ExportOptions): Job[] {
  const known = [...new Set(jobs.map(({ model }) => model.source.name))];
  for (const name of options.models ?? []) {
    const isThere = jobs.some(({ model }) => model.source.name === name || model.source.id === name);
    if (!isThere) throw atlasError('unknown-model', { name, known });
  }
  const { models, prompts, nSamples } = options;
  const ofModels = jobs.filter(
    ({ model, prompt }) =>
      (models === undefined || models.includes(model.source.name) || models.includes(model.source.id)) &&
      (prompts === undefined || prompts.includes(prompt.id) || prompts.includes(prompt.set)),
  );
  if (ofModels.length === 0) throw atlasError('export-nothing', { known: sets });
  return [...Map.groupBy(ofModels, ({ model }) => model).values()].flatMap((own) => own.slice(0, nSamples));
}
