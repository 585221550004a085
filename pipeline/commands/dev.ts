import { join, resolve } from 'node:path';
import { COLLECTION_FILES } from '../../src/schema/records.ts';
import { AtlasError, atlasError, formatError } from '../../src/schema/errors/index.ts';
import { buildAtlas } from '../build-atlas.ts';
import { withinLimits } from '../disk-budget.ts';
import { siteProcess } from '../dev/site-process.ts';
import { watchFiles } from '../dev/watch-files.ts';
import { loadConfig, type LoadedConfig } from '../load-config.ts';
import { reportFailures } from '../report/report-failures.ts';
import type { AddCommand, CommandContext } from './command.ts';
import { wholeNumber } from './options.ts';

export const addDev: AddCommand = (program, run) => {
  program
    .command('dev')
    .description(
      "the pipeline and Astro's server together, following changes of config, prompts, figures and metrics",
    )
    .option('--port <number>', 'where the site is served', wholeNumber('--port', 1, 65535), 4321)
    .action((options: { readonly port: number }) => run((context) => dev(options.port, context)));
};

/** Ends only when it is interrupted, or when the site's server ends by itself. */
async function dev(port: number, context: CommandContext): Promise<never> {
  const { signal, reporter } = context;
  const file = resolve(context.options.config);
  let loaded = await loadConfig(file);
  await build(loaded, context);
  const site = siteProcess(file, port);
  const watched = watchFiles();
  const ended = site.ended.then((reason) => {
    throw atlasError('dev-server-ended', { reason });
  });
  ended.catch(() => undefined); // where nobody waits for it just then
  site.start();
  try {
    watched.follow(filesOf(loaded, file));
    let before = await stateOf(loaded, file, context);
    for (;;) {
      await Promise.race([watched.next(signal), ended]);
      const start = performance.now();
      try {
        loaded = await loadConfig(file);
        await build(loaded, context);
        watched.follow(filesOf(loaded, file));
        // Figures reach the page by themselves; records and the config are read when the server starts.
        const after = await stateOf(loaded, file, context);
        if (after !== before) {
          await site.stop();
          site.start();
        }
        before = after;
        reporter.note(`followed the change in ${((performance.now() - start) / 1000).toFixed(2)} s`);
      } catch (error) {
        if (!(error instanceof AtlasError)) throw error;
        reporter.warn(formatError(error));
        const wrong = error.place.file === undefined ? [] : [resolve(loaded.root, error.place.file)];
        watched.follow([...filesOf(loaded, file), ...wrong]);
      }
    }
  } finally {
    watched.close();
    await site.stop();
  }
}

async function build(loaded: LoadedConfig, unlimited: CommandContext): Promise<void> {
  const context = await withinLimits(unlimited, loaded);
  const { failures } = await buildAtlas(loaded, context);
  reportFailures(failures, context.reporter);
}

/** What the server reads once: it is started again where this changes. */
async function stateOf(
  { root, config }: LoadedConfig,
  file: string,
  { files }: CommandContext,
): Promise<string> {
  const record = await files.digest(join(root, 'content/generated', COLLECTION_FILES.atlas));
  return JSON.stringify([record, await files.digest(file), config]);
}

function filesOf({ own, sets }: LoadedConfig, file: string): string[] {
  const definitions = [...own.figures, ...own.metrics].flatMap(({ bundle }) => bundle.sources);
  return [file, ...sets.map(({ path }) => path), ...definitions];
}
