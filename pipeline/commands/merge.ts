import { resolve } from 'node:path';
import { atlasError, type AtlasError } from '../../src/schema/errors/index.ts';
import { buildAtlas } from '../build-atlas.ts';
import { withinLimits } from '../disk-budget.ts';
import { isStore } from '../keep/verify-store.ts';
import { loadConfig, storeFolder } from '../load-config.ts';
import { reportFailures } from '../report/report-failures.ts';
import { joinStores, type Joined } from '../store/join-stores.ts';
import { describeUnlike, platformsIn } from '../store/platforms.ts';
import { whileRunning } from '../store/running.ts';
import { openStore } from '../store/store.ts';
import { buildValue, describeBuild } from './build.ts';
import type { AddCommand, CommandContext } from './command.ts';

export const addMerge: AddCommand = (program, run) => {
  program
    .command('merge')
    .description('join what shards computed, and write the files and records of the site')
    .argument('[stores...]', "the stores of shards that did not write into the config's own")
    .action((stores: string[]) => run((context) => merge(stores, context)));
};

async function merge(stores: readonly string[], unlimited: CommandContext): Promise<0 | 1> {
  const loaded = await loadConfig(unlimited.options.config);
  const context = await withinLimits(unlimited, loaded);
  const folder = storeFolder(loaded);
  const others = [...new Set(stores.map((path) => resolve(path)))].filter((path) => path !== resolve(folder));
  for (const path of others) {
    if (!(await isStore(path, context.files))) throw atlasError('merge-no-store', {}, { file: path });
  }
  if (context.dryRun) {
    const joined = await joinInto(folder, others, context);
    context.result({ ...joined }, `would copy ${joined.copied} objects; nothing was written`);
    return 0;
  }
  return whileRunning(folder, unlimited.files, async () => {
    const joined = await joinInto(folder, others, context);
    const result = await buildAtlas(loaded, context, { isAllComputed: !context.keepGoing });
    reportFailures(result.failures, context.reporter);
    context.result({ ...joined, ...buildValue(result) }, describeBuild(result, context));
    return result.failures.length > 0 && !context.keepGoing ? 1 : 0;
  });
}

async function joinInto(folder: string, others: readonly string[], context: CommandContext): Promise<Joined> {
  const platforms = await Promise.all([folder, ...others].map((path) => platformsIn(path, context.files)));
  const unlike = describeUnlike(platforms.flat());
  if (unlike !== undefined) context.reporter.warn(unlike);
  const store = openStore(folder, context.files);
  const joined = await joinStores(store, others, { ...context, failures: [] as AtlasError[] });
  if (joined.differing > 0) {
    context.reporter.warn(
      `${joined.differing} objects differ from those that are here under the same names; those here were kept`,
    );
  }
  return joined;
}
