import type { Reporter } from './report/reporter.ts';
import type { Shard } from './shard.ts';
import type { Files } from './store/files.ts';

/** What a run may put on the disk. */
export interface DiskBudget {
  /** Bytes at most. */
  readonly limit: number;
  /** Bytes that are there, as far as this run knows: what it found and what it has written since. */
  used(): number;
}

/** The effects and switches that every command is handed. */
export interface RunContext {
  readonly files: Files;
  readonly reporter: Reporter;
  /** Aborted when the person interrupts the run. */
  readonly signal: AbortSignal;
  /** Only says what would be made. */
  readonly dryRun: boolean;
  /** Finishes without the prompts that failed, instead of failing. */
  readonly keepGoing: boolean;
  /** Bytes that the run may take, more or less; as many as it needs if left out. */
  readonly memory?: number | undefined;
  /** What it may put on the disk; `files` hold it. As much as there is room for if left out. */
  readonly disk?: DiskBudget | undefined;
  /** Computes only this share, and leaves the site's files alone. */
  readonly shard?: Shard | undefined;
}
