import { CommanderError } from 'commander';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { AtlasError } from '../src/schema/errors/index.ts';
import { createEventReporter } from './report/event-reporter.ts';
import { createLineReporter } from './report/line-reporter.ts';
import { describeFailure } from './report/describe-failure.ts';
import type { ClosableReporter } from './report/reporter.ts';
import { createTerminalReporter } from './report/terminal-reporter.ts';
import { createFiles } from './store/files.ts';

// The only file that prints or sets an exit code: 0 done, 1 a problem in the input or the machine, 2 wrong usage,
// 130 interrupted. Results go to stdout, everything else to stderr.

const toStderr = (text: string) => process.stderr.write(text);
let reporter: ClosableReporter | undefined;
const isTerminal = process.stderr.isTTY && process.env.CI === undefined;
const createReporter = (json: boolean) => {
  if (json) return createEventReporter(toStderr);
  return isTerminal
    ? createTerminalReporter(toStderr, () => process.stderr.columns)
    : createLineReporter(toStderr);
};

keepCompiled(join(import.meta.dirname, '../node_modules/.cache/pattern-atlas'));
const { createProgram } = await import('./command-line.ts');
const interruption = new AbortController();
stopOnSignals();
const program = createProgram({
  files: createFiles(),
  reporter: (json) => (reporter = createReporter(json)),
  signal: interruption.signal,
  print: (text) => {
    reporter?.close();
    process.stdout.write(`${text}\n`);
  },
  setExitCode(code) {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync();
  reporter?.close();
} catch (error) {
  reporter?.close();
  process.exitCode = exitCodeOf(error);
  const isToldAlready = error instanceof CommanderError && !interruption.signal.aborted;
  if (!isToldAlready) {
    const failure = interruption.signal.aborted ? undefined : error;
    toStderr(describeFailure(failure, program.opts<{ json?: boolean }>().json === true));
  }
}

/** Keeps what Node makes of the program's files, here and in threads: it takes half as long to start, from the second time on. */
function keepCompiled(folder: string): void {
  process.env.NODE_COMPILE_CACHE ??= folder;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

function exitCodeOf(error: unknown): number {
  if (interruption.signal.aborted) return 130;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof AtlasError && error.code === 'usage' ? 2 : 1;
}

/**
 * The first signal stops the run where nothing is half done. npm and bin/atlas.js pass on what the terminal has sent to
 * this process already, so that one Ctrl-C comes up to three times: only a signal that comes later ends it at once.
 */
function stopOnSignals(): void {
  let first: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (first !== undefined && performance.now() - first > 1000) process.exit(130);
      if (first !== undefined) return;
      first = performance.now();
      interruption.abort();
      reporter?.note('stopping when the prompts at hand are done; once more stops at once');
    });
  }
}
