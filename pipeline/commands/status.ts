import { formatBytes } from '../../src/core/format-bytes.ts';
import { missingObjects } from '../keep/missing-objects.ts';
import { openKept } from '../keep/open-kept.ts';
import { describeOwnFile, ownFileStates } from '../keep/own-files.ts';
import { describePlan, planStages } from '../keep/plan-run.ts';
import { storedObjects, type StoredObject } from '../keep/stored-objects.ts';
import { describeTallies, tally } from '../keep/tally.ts';
import { runsIn } from '../store/running.ts';
import { reportFailures } from '../report/report-failures.ts';
import type { AddCommand, CommandContext } from './command.ts';

export const addStatus: AddCommand = (program, run) => {
  program
    .command('status')
    .description(
      'what the store holds, what the config asks for beside it and why, and what nothing refers to',
    )
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .action((options: { savePath?: string }) => run((context) => status(options.savePath, context)));
};

async function status(folder: string | undefined, context: CommandContext): Promise<0 | 1> {
  const kept = await openKept(context.options.config, folder, context);
  reportFailures(kept.failures, context.reporter);
  const objects = await storedObjects(kept);
  const missing = await missingObjects(kept.loaded, kept.jobs, kept.wanted, kept.store);
  const plan = planStages(kept.wanted, missing);
  const runs = await runsIn(kept.store.folder, context.files);
  const held = tally(objects.filter((object) => object.unreferenced === undefined));
  const others = tally(objects.filter((object) => object.unreferenced !== undefined));
  const own = await ownFileStates(kept, context.files);
  const value = {
    store: kept.store.folder,
    ...totalOf(objects),
    running: runs,
    referenced: held,
    unreferenced: others,
    plan,
    own,
    failed: kept.failures.length,
  };
  const total = totalOf(objects);
  const lacking = plan.filter(({ made }) => made > 0);
  const lines = [
    `${kept.store.folder}: ${total.objects} objects, ${formatBytes(total.bytes)}`,
    ...runs.map((each) => `A run is at work in it: ${each}.`),
    ...section('The config refers to', describeTallies(held)),
    ...section('The config asks for what is not stored, or stale', describePlan(lacking)),
    ...(own.length > 0 ? section('Own files', own.map(describeOwnFile)) : []),
    ...section('Nothing in the config refers to (`atlas clean` removes it)', describeTallies(others)),
  ];
  context.result(value, lines.join('\n'));
  return kept.failures.length > 0 && !context.keepGoing ? 1 : 0;
}

function totalOf(objects: readonly StoredObject[]): { objects: number; bytes: number } {
  return { objects: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? ['', `${title}: nothing`]
    : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
