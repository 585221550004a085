import { join } from 'node:path';
import { buildAtlas } from '../build-atlas.ts';
import { loadConfig } from '../load-config.ts';
import { reportFailures } from '../report/report-failures.ts';
import { whileRunning } from '../store/running.ts';
import type { AddCommand } from './command.ts';

export const addBuild: AddCommand = (program, run) => {
  program
    .command('build')
    .description('compute everything that the config asks for, and write the files and records of the site')
    .action(() =>
      run(async (context) => {
        const loaded = await loadConfig(context.options.config);
        const build = () => buildAtlas(loaded, context);
        const store = join(loaded.root, loaded.config.store.path);
        const result = context.dryRun ? await build() : await whileRunning(store, context.files, build);
        reportFailures(result.failures, context.reporter);
        const { models, prompts, patterns, failures, published, seconds } = result;
        const held = `${patterns} patterns of ${models} models on ${prompts} prompts`;
        const outcome = context.dryRun
          ? `would hold ${held}; nothing was written`
          : published
            ? `${held}, ready for the site`
            : `${failures.length} prompts failed: the site's files were left as they were (--keep-going goes on without them)`;
        context.result(
          { ...result, failures: failures.map((failure) => failure.code) },
          `${outcome} (${seconds.toFixed(1)} s)`,
        );
        return failures.length > 0 && !context.keepGoing ? 1 : 0;
      }),
    );
};
