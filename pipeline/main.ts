import { CommanderError } from 'commander';
import { AtlasError, formatError } from '../src/schema/errors/index.ts';
import { createProgram } from './command-line.ts';
import { createLineReporter } from './report/reporter.ts';
import { createFiles } from './store/files.ts';

// The only file that prints or sets an exit code: 0 done, 1 a problem in the input or the machine, 2 wrong usage,
// 130 interrupted. Results go to stdout, everything else to stderr.

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interruption.abort(); // a second one ends the process at once, as Node does when nobody listens
  });
}

const isTerminal = process.stderr.isTTY && process.env.CI === undefined;
const toStderr = (text: string) => process.stderr.write(text);
const program = createProgram({
  files: createFiles(),
  reporter: createLineReporter(toStderr, isTerminal),
  signal: interruption.signal,
  print: (text) => process.stdout.write(`${text}\n`),
  setExitCode(code) {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (interruption.signal.aborted) {
    toStderr('interrupted: what was finished is kept; run the same command again to go on\n');
    return 130;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has printed its own message
  if (error instanceof AtlasError) {
    toStderr(`${formatError(error)}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
  toStderr(
    `This is a defect of Pattern Atlas, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 1;
}
