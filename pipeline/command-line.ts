import { Command, InvalidArgumentError } from 'commander';
import { parseSize } from '../src/schema/size.ts';
import { addActivations } from './commands/activations.ts';
import { addBuild } from './commands/build.ts';
import { addClean } from './commands/clean.ts';
import type { AddCommand, CommandContext, GlobalOptions } from './commands/command.ts';
import { addDev } from './commands/dev.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addFigures } from './commands/figures.ts';
import { addImport } from './commands/import.ts';
import { addIndex } from './commands/index-site.ts';
import { addMerge } from './commands/merge.ts';
import { addModels } from './commands/models.ts';
import { addPatterns } from './commands/patterns.ts';
import { addServer } from './commands/server.ts';
import { addStatus } from './commands/status.ts';
import { addTokenize } from './commands/tokenize.ts';
import { addVerify } from './commands/verify.ts';
import type { RunContext } from './run-context.ts';
import { parseShard, type Shard } from './shard.ts';
import { atlasVersion } from './versions.ts';

/** Every command, in the order of the help. */
const commands: readonly AddCommand[] = [
  addBuild,
  addMerge,
  addActivations,
  addFigures,
  addImport,
  addExport,
  addIndex,
  addServer,
  addPatterns,
  addTokenize,
  addModels,
  addDoctor,
  addStatus,
  addVerify,
  addClean,
  addDev,
];

/** What the command line may do to the world. */
interface Effects extends Pick<RunContext, 'files' | 'signal'> {
  /** The reporter of the run: events for programs with `--json`, else lines for people. */
  reporter(json: boolean): RunContext['reporter'];
  /** Prints a result on stdout. */
  print(text: string): void;
  setExitCode(code: number): void;
}

/** The command line: parsing it throws CommanderError on wrong usage, AtlasError on a problem. */
export function createProgram(effects: Effects): Command {
  const program = new Command('atlas');
  program
    .description('Builds a static site for browsing attention patterns, and the data it shows.')
    .version(atlasVersion())
    .exitOverride()
    .showHelpAfterError('(add --help for what the command takes)');
  addGlobalOptions(program);
  for (const add of commands) {
    add(program, async (action) => {
      effects.setExitCode(await action(contextOf(effects, program.opts<GlobalOptions>())));
    });
  }
  return program;
}

/** Commander takes a program's options before and after the command. */
function addGlobalOptions(program: Command): void {
  program
    .configureHelp({ showGlobalOptions: true })
    .option('--config <file>', 'the config file', 'atlas.config.ts')
    .option(
      '--json',
      'print the result as JSON on stdout, and what happens as lines of JSON on stderr',
      false,
    )
    .option('--dry-run', 'say what would be made, and make nothing', false)
    .option('--keep-going', 'finish without the prompts that fail', false)
    .option(
      '--memory <size>',
      "about as much memory as the run may take (2G), the config's limits.memory if left out: prompts that need more fail; commands that compute nothing take it, and need no limit",
      sizeOption,
    )
    .option('--shard <i/n>', 'build and activations: compute only this share, into the store', shardOption)
    .hook('preAction', (_, action) => {
      if (program.opts<GlobalOptions>().shard === undefined || SHARED_OUT.has(action.name())) return;
      program.error(`error: ${action.name()} is not for --shard: build and activations are`, {
        exitCode: 2,
        code: 'atlas.shard',
      });
    });
}

/** The commands whose work is shared out among shards. */
const SHARED_OUT: ReadonlySet<string> = new Set(['build', 'activations']);

function shardOption(text: string): Shard {
  const shard = parseShard(text);
  if (shard === undefined) throw new InvalidArgumentError('--shard takes I/N, I from 1 to N, as in 2/4.');
  return shard;
}

function sizeOption(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new InvalidArgumentError('--memory takes a size, as in 800M, 2G or 2.5GB.');
  return bytes;
}

function contextOf(effects: Effects, options: GlobalOptions): CommandContext {
  const { files, signal } = effects;
  return {
    files,
    reporter: effects.reporter(options.json),
    signal,
    options,
    dryRun: options.dryRun,
    keepGoing: options.keepGoing,
    shard: options.shard,
    memory: options.memory,
    result(value, text) {
      effects.print(options.json ? JSON.stringify(value) : text);
    },
  };
}
