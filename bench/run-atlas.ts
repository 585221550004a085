import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { secondsOf } from './measure-command.ts';

const program = resolve(import.meta.dirname, '../pipeline/main.ts');
const usageReport = pathToFileURL(resolve(import.meta.dirname, 'report-usage.ts')).href;

/** What a process took, from its start to its end. */
export interface Usage {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Runs a command of Pattern Atlas in a process of its own, in `cwd`; throws with its output if it failed. */
export function runAtlas(cwd: string, ...words: readonly string[]): Promise<Usage> {
  return runScript(program, words, { cwd, env: process.env });
}

/** Runs a script of Node in a process of its own; throws with its output if it failed. */
export async function runScript(
  script: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Usage> {
  const scratch = mkdtempSync(join(tmpdir(), 'atlas-usage-'));
  const file = join(scratch, 'usage.json');
  try {
    const seconds = await secondsOf(process.execPath, ['--import', usageReport, script, ...words], {
      cwd,
      env: { ...env, USAGE_FILE: file },
    });
    return { seconds, ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Usage, 'seconds'>) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The middle one of an odd number of runs, by seconds. */
export async function medianOf(runs: number, run: () => Promise<Usage>): Promise<Usage> {
  const all: Usage[] = [];
  for (let at = 0; at < runs; at++) all.push(await run());
  const middle = all.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs / 2)];
  if (middle === undefined) throw new RangeError('No run to take the median of');
  return middle;
}
