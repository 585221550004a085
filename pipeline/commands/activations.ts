import { shuffle } from '../../src/core/prompts/shuffle.ts';
import { formatError, type AtlasError } from '../../src/schema/errors/index.ts';
import { bringToHand } from '../hub/bring-to-hand.ts';
import { refuseOverDisk, withinLimits } from '../disk-budget.ts';
import { loadConfig, storeFolder } from '../load-config.ts';
import { promptOf, withoutDuplicates, type Prompt } from '../prompts/prompt.ts';
import { readPromptFile } from '../prompts/read-prompt-file.ts';
import type { RunContext } from '../run-context.ts';
import { chooseDevice } from '../runtime/choose-device.ts';
import { selectModels } from '../select-models.ts';
import { shareOf } from '../shard.ts';
import { computeActivations } from '../stages/activations.ts';
import type { Job } from '../stages/plan.ts';
import { prepareModel } from '../stages/prepare.ts';
import { whileRunning } from '../store/running.ts';
import { openStore } from '../store/store.ts';
import type { AddCommand, CommandContext, GlobalOptions } from './command.ts';
import { commaList, wholeNumber } from './options.ts';

export interface ActivationsOptions {
  readonly models: string[];
  readonly prompts: string;
  readonly savePath?: string;
  readonly nSamples?: number;
  readonly force: boolean;
  readonly rawPrompts: boolean;
  readonly minChars: number;
  readonly maxChars: number;
  readonly shuffle: boolean;
  readonly seed: number;
  /** The config's if left out. */
  readonly device?: string;
}

export const addActivations: AddCommand = (program, run) => {
  program
    .command('activations')
    .description('compute patterns of models on a file of prompts into the store')
    .requiredOption(
      '-m, --models <list>',
      'models of the config, model folders, or models of the hub, separated by commas',
      commaList,
    )
    .requiredOption('-p, --prompts <file>', 'a JSONL file of prompts')
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .option('-n, --n-samples <number>', 'only the first prompts', wholeNumber('--n-samples', 1))
    .option(
      '-b, --batch-size <number>',
      'taken as pattern-lens takes it, and changes nothing: prompts are computed one at a time, so that no value depends on another prompt',
      wholeNumber('--batch-size', 1),
    )
    .option('-f, --force', 'compute what is stored already, too', false)
    .option('-r, --raw-prompts', 'cut the prompts to length, and shuffle them if asked', false)
    .option(
      '--min-chars <number>',
      'with -r: shorter prompts are dropped',
      wholeNumber('--min-chars', 0),
      100,
    )
    .option(
      '--max-chars <number>',
      'with -r: longer prompts are cut into chunks',
      wholeNumber('--max-chars', 1),
      1000,
    )
    .option('--shuffle', 'with -r: in a random order that the seed decides', false)
    .option('--seed <number>', 'for --shuffle', wholeNumber('--seed', 0, 2 ** 32 - 1), 0)
    .option(
      '--device <name>',
      "where onnxruntime runs: cpu, one that it offers on this platform (cuda, coreml, dml, webgpu), or auto for the first that works; the config's if left out",
    )
    .action((options: ActivationsOptions) => run((context) => activations(options, context)));
};

async function activations(options: ActivationsOptions, context: CommandContext): Promise<0 | 1> {
  const { store, device, pairs, prompts, stored, reused, failures } = await storeActivations(
    options,
    context,
  );
  if (context.dryRun) {
    context.result(
      { device, wouldMake: pairs - reused, reused },
      `would make ${pairs - reused}, reuse ${reused}`,
    );
    return 0;
  }
  for (const failure of failures) context.reporter.warn(formatError(failure));
  const value = { store, device, prompts, stored, failed: failures.length };
  context.result(value, `${stored} of ${pairs} prompt and model pairs are in ${store}`);
  return failures.length > 0 && !context.keepGoing ? 1 : 0;
}

/** Computes the patterns that are asked for and missing; with `dryRun` none. */
export async function storeActivations(
  options: ActivationsOptions,
  unlimited: RunContext & { readonly options: Pick<GlobalOptions, 'config'> },
) {
  const loaded = await loadConfig(unlimited.options.config);
  const folder = options.savePath ?? storeFolder(loaded);
  const context = await withinLimits(unlimited, loaded, folder);
  const prompts = await readPrompts(options, context);
  const store = openStore(folder, context.files);
  const device = await chooseDevice(options.device ?? loaded.config.device, (text) => {
    context.reporter.warn(text);
  });
  const failures: AtlasError[] = [];
  const all: Job[] = [];
  for (const source of await selectModels(options.models, loaded)) {
    all.push(...(await prepareModel(await bringToHand(source, context), prompts, device, failures)));
  }
  const jobs = context.shard === undefined ? all : shareOf(all, context.shard);
  const present = await Promise.all(jobs.map((job) => store.has('activations', job.activationsKey)));
  if (!context.dryRun) {
    refuseOverDisk(
      context.disk,
      jobs.filter((_, at) => options.force || present[at] === false),
      'exact',
    );
  }
  const compute = () => computeActivations(jobs, store, { ...context, failures }, options);
  const done = context.dryRun ? [] : await whileRunning(store.folder, unlimited.files, compute);
  return {
    store: store.folder,
    device,
    pairs: jobs.length,
    prompts: prompts.length,
    stored: done.length,
    reused: options.force ? 0 : present.filter(Boolean).length,
    failures,
  };
}

async function readPrompts(
  options: ActivationsOptions,
  context: Pick<RunContext, 'files'>,
): Promise<Prompt[]> {
  const bounds = { minCharacters: options.minChars, maxCharacters: options.maxChars };
  const rows = await readPromptFile(context.files, options.prompts, options.rawPrompts ? bounds : undefined);
  const ordered = options.rawPrompts && options.shuffle ? shuffle(rows, options.seed) : rows;
  const { prompts } = withoutDuplicates(ordered.map((row) => promptOf(row, 'prompts')));
  return prompts.slice(0, options.nSamples);
}
