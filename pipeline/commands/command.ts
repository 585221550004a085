import type { Command } from 'commander';
import type { RunContext } from '../run-context.ts';
import type { Shard } from '../shard.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly config: string;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly shard?: Shard;
  readonly memory?: number;
}

/** What a command is handed besides its own options. */
export interface CommandContext extends RunContext {
  readonly options: GlobalOptions;
  /** Prints the command's result on stdout: `text` for a person, or `value` as JSON with `--json`. */
  result(value: unknown, text: string): void;
}

/**
 * What a command gives back: the exit code, 0 done, 1 a problem that was reported already. A command that waits
 * (a server) gives it when it has ended.
 */
type ExitCode = 0 | 1;

/** Adds a command to the program. `run` starts an action with the context of the global options. */
export type AddCommand = (
  program: Command,
  run: (action: (context: CommandContext) => Promise<ExitCode>) => Promise<void>,
) => void;
