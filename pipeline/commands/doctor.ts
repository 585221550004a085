import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '../../src/core/format-bytes.ts';
import { checkInputs, checkMachine, type Check } from '../doctor/check.ts';
import { checkLimits } from '../doctor/check-limits.ts';
import { estimateRun, type Estimate } from '../doctor/estimate.ts';
import { loadConfig, metricsOf, storeFolder } from '../load-config.ts';
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
        const machine = await checkMachine(storeFolder(loaded), context);
        const { checks, jobs } = await checkInputs(loaded, context);
        const found = [...machine, ...checks];
        const isRunnable = found.every((check) => check.ok);
        const folder = await mkdtemp(join(tmpdir(), 'atlas-doctor-'));
        try {
          const stageContext = { ...context, reporter: silent, failures: [] };
          const options = {
            precision: loaded.config.packs.precision,
            metrics: metricsOf(loaded),
            bundles: loaded.own.metrics.map(({ bundle }) => bundle),
            dropsPatterns: loaded.config.store.keep === 'none',
            liveBytes: loaded.config.live.maxBytes,
          };
          const estimate = isRunnable
            ? await estimateRun(jobs, folder, context.files, stageContext, options)
            : undefined;
          const { limits } = loaded.config;
          const memory = context.memory ?? limits.memory;
          const all = estimate === undefined ? found : [...found, ...checkLimits(estimate, memory, limits)];
          const isHealthy = all.every((check) => check.ok);
          context.result({ healthy: isHealthy, checks: all, estimate }, describe(all, estimate));
          return isHealthy ? 0 : 1;
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
    );
};

function describe(checks: readonly Check[], estimate: Estimate | undefined): string {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  const lines = checks.map(
    ({ subject, ok, finding }) => `${ok ? 'ok  ' : 'FAIL'}  ${subject.padEnd(width)}  ${finding}`,
  );
  if (estimate === undefined) return lines.join('\n');
  const { patterns, seconds, storeBytes, packBytes, siteFiles, memoryBytes } = estimate;
  return [
    ...lines,
    '',
    `A run from nothing: ${patterns} patterns, about ${seconds.toPrecision(2)} s before figures and pages; ` +
      `store about ${formatBytes(storeBytes)}, packs about ${formatBytes(packBytes)}, ` +
      `${siteFiles} files for the site; memory about ${formatBytes(memoryBytes)}.`,
  ].join('\n');
}
