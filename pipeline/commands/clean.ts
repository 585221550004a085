import { formatBytes } from '../../src/core/format-bytes.ts';
import { cleanStore } from '../keep/clean.ts';
import { openKept } from '../keep/open-kept.ts';
import { describeTallies, tally } from '../keep/tally.ts';
import { reportFailures } from '../report/report-failures.ts';
import type { AddCommand, CommandContext } from './command.ts';

export const addClean: AddCommand = (program, run) => {
  program
    .command('clean')
    .description('remove from the store what the config does not refer to (--dry-run says what)')
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .action((options: { savePath?: string }) => run((context) => clean(options.savePath, context)));
};

async function clean(folder: string | undefined, context: CommandContext): Promise<0> {
  const kept = await openKept(context.options.config, folder, context);
  reportFailures(kept.failures, context.reporter);
  const { removed, kept: left, abandoned } = await cleanStore(kept, context);
  const tallies = tally(removed);
  const bytes = removed.reduce((sum, object) => sum + object.bytes, 0);
  const value = {
    store: kept.store.folder,
    removed: { objects: removed.length, bytes, tallies },
    kept: left,
    abandoned,
  };
  const verb = context.dryRun ? 'would remove' : 'removed';
  const lines = [
    ...describeTallies(tallies),
    `${verb} ${removed.length} objects, ${formatBytes(bytes)}; ` +
      `${left.objects} objects, ${formatBytes(left.bytes)}, stay in ${kept.store.folder}`,
    ...(abandoned === 0 ? [] : [`${verb} ${abandoned} files that killed runs left half-written`]),
  ];
  context.result(value, lines.join('\n'));
  return 0;
}
