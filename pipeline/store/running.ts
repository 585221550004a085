import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from './files.ts';

/** The folder in a store where runs say that they are at work. */
export const RUNS_FOLDER = 'runs';
/** How often a run says so again: a mark that is much older is that of a run that was killed. */
const BEAT_MS = 30_000;
const DEAD_MS = 10 * 60_000;

/** Marks the store in `folder` as being worked on for the length of `use`; `clean` then leaves it alone. */
export async function whileRunning<T>(folder: string, files: Files, use: () => Promise<T>): Promise<T> {
  const name = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}.atlas-tmp`;
  const path = join(folder, RUNS_FOLDER, name);
  const text = JSON.stringify({ host: hostname(), pid: process.pid, since: new Date().toISOString() });
  await files.write(path, text);
  let beat = Promise.resolve();
  const timer = setInterval(() => {
    beat = files.write(path, text).catch(() => undefined); // a full disk ends the run by its own error
  }, BEAT_MS);
  try {
    return await use();
  } finally {
    clearInterval(timer);
    await beat;
    await files.remove(path, dirname(folder));
  }
}

/** The runs that are at work in the store in `folder`, in words. */
export async function runsIn(folder: string, files: Files): Promise<string[]> {
  const runs: string[] = [];
  for (const name of await files.list(join(folder, RUNS_FOLDER))) {
    const path = join(folder, RUNS_FOLDER, name);
    const age = await files.age(path);
    const text = await files.read(path);
    const run = text === undefined ? undefined : parseRun(Buffer.from(text).toString());
    if (age === undefined || age > DEAD_MS || run === undefined) continue;
    if (run.host === hostname() && !isAlive(run.pid)) continue;
    runs.push(`process ${run.pid} on ${run.host}, since ${run.since}`);
  }
  return runs;
}

function parseRun(text: string): { host: string; pid: number; since: string } | undefined {
  try {
    const { host, pid, since } = JSON.parse(text) as Record<string, unknown>;
    return { host: String(host), pid: Number(pid), since: String(since) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
