import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkInputs, checkMachine, type Check } from '../doctor/check.ts';
import { estimateRun, type Estimate } from '../doctor/estimate.ts';
import { loadConfig, metricsOf } from '../load-config.ts';
import type { Reporter } from '../report/reporter.ts';
import type { AddCommand } from './command.ts';

const silent: Reporter = {
  note: () => undefined,
  warn: () => undefined,
  progress: () => undefined,
  finished: () => undefined,
};

export const addDoctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .description('what this machine and this config lack, and what a run from nothing would cost')
    .action(() =>
      run(async (context) => {
        const loaded = await loadConfig(context.options.config);
        const machine = await checkMachine(join(loaded.root, loaded.config.store.path), context);
        const { checks, jobs } = await checkInputs(loaded, context);
        const all = [...machine, ...checks];
        const isHealthy = all.every((check) => check.ok);
        const folder = await mkdtemp(join(tmpdir(), 'atlas-doctor-'));
        try {
          const stageContext = { ...context, reporter: silent, failures: [] };
          const options = {
            precision: loaded.config.packs.precision,
            metrics: metricsOf(loaded),
            bundles: loaded.own.metrics.map(({ bundle }) => bundle),
          };
          const estimate = isHealthy
            ? await estimateRun(jobs, folder, context.files, stageContext, options)
            : undefined;
          context.result({ healthy: isHealthy, checks: all, estimate }, describe(all, estimate));
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
        return isHealthy ? 0 : 1;
      }),
    );
};

function describe(checks: readonly Check[], estimate: Estimate | undefined): string {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  const lines = checks.map(
    ({ subject, ok, finding }) => `${ok ? 'ok  ' : 'FAIL'}  ${subject.padEnd(width)}  ${finding}`,
  );
  if (estimate === undefined) return lines.join('\n');
  const { patterns, seconds, storeBytes, packBytes, siteFiles } = estimate;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toPrecision(2)} MB`;
  return [
    ...lines,
    '',
    `A run from nothing: ${patterns} patterns, about ${seconds.toPrecision(2)} s before figures and pages; ` +
      `store about ${megabytes(storeBytes)}, packs about ${megabytes(packBytes)}, ${siteFiles} files for the site.`,
  ].join('\n');
}
