import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildAtlas } from '../../../pipeline/build-atlas.ts';
import { loadConfig } from '../../../pipeline/load-config.ts';
import { createFiles, type FileOperations } from '../../../pipeline/store/files.ts';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';
import { everything, WRITTEN } from './files-of.ts';

const program = resolve(import.meta.dirname, '../../../pipeline/main.ts');
const noop = () => undefined;
const reporter = { note: noop, warn: noop, progress: noop, finished: noop };

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

/** Where a write can fail: before a byte, half-way, when it is flushed, when it is named. */
const STEPS = ['open', 'writeFile', 'sync', 'rename'] as const;

/** A disk that takes so many writes and is full then; how the next one fails is its number's. */
function diskOfWrites(room: number): FileOperations {
  let writes = 0;
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const doomed = new Set<string>();
  const isDoomed = (step: (typeof STEPS)[number], number: number) =>
    number > room && STEPS[number % STEPS.length] === step;
  return {
    ...fs,
    async open(path, flags) {
      if (flags !== 'wx') return fs.open(path, flags);
      const number = ++writes;
      if (isDoomed('open', number)) throw full();
      const handle = await fs.open(path, flags);
      const sync = handle.sync.bind(handle);
      if (isDoomed('rename', number)) doomed.add(String(path));
      return Object.assign(handle, {
        ...(isDoomed('writeFile', number) && {
          async writeFile() {
            await handle.write(Buffer.from('half'));
            throw full();
          },
        }),
        sync: () => (isDoomed('sync', number) ? Promise.reject(full()) : sync()),
      });
    },
    rename: (from, to) => (doomed.has(String(from)) ? Promise.reject(full()) : fs.rename(from, to)),
  };
}

/** Builds in this process; gives back the code of the error that ended it. */
async function build(operations: FileOperations): Promise<string | undefined> {
  const context = {
    files: createFiles(operations),
    reporter,
    signal: new AbortController().signal,
    dryRun: false,
    keepGoing: false,
  };
  try {
    await buildAtlas(await loadConfig(join(atlas.folder, 'atlas.config.ts')), context);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function temporaries(): Promise<string[]> {
  const names = await fs.readdir(atlas.folder, { recursive: true });
  return names.filter((name) => name.endsWith('.atlas-tmp'));
}

it('a disk that is full at any write ends a run by its error, and the runs after it end with the same bytes', async () => {
  expect(await build(fs)).toBeUndefined();
  const whole = await everything(atlas);
  for (const folder of WRITTEN) await fs.rm(join(atlas.folder, folder), { recursive: true });
  const objects = Object.keys(whole['.atlas/store'] ?? {}).length;

  let runs = 0;
  for (; (await build(diskOfWrites(1 + (runs % 2)))) === 'no-space'; runs++) {
    // Writes that were begun beside the one that failed may still be ending.
    for (let tries = 0; tries < 50 && (await temporaries()).length > 0; tries++) {
      await new Promise((done) => setTimeout(done, 10));
    }
    expect(await temporaries()).toEqual([]);
    for (const [folder, files] of Object.entries(await everything(atlas))) {
      if (folder === '.atlas/store') expect(whole[folder]).toMatchObject(files);
    }
  }
  expect(runs).toBeGreaterThan(objects / 2);
  expect(await build(fs)).toBeUndefined();
  expect(await everything(atlas)).toEqual(whole);
}, 240_000);

/** Builds by a shell script in which `atlas` is the command line, and gives back what the script said of each run. */
function runs(shell: readonly string[], script: string) {
  const words = [...shell, 'sh', '-c', `atlas() { "$NODE" "$PROGRAM" "$@"; }\n${script}`];
  const { stdout, stderr } = spawnSync('env', words, {
    cwd: atlas.folder,
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, PROGRAM: program },
  });
  return { ends: stdout.match(/^run \w+: \d+$|^.*atlas-tmp$/gmu), stderr };
}

async function buildAnew(): Promise<Record<string, unknown>> {
  await atlas.configure({ models: [{ path: join(atlas.folder, 'tiny-gpt2') }] });
  expect(atlas.run('build').status).toBe(0);
  const whole = await everything(atlas);
  for (const folder of WRITTEN) await fs.rm(join(atlas.folder, folder), { recursive: true });
  return whole;
}

it('a limit that the system sets to files is told, and the next run ends with the same bytes', async () => {
  const whole = await buildAnew();
  const { ends, stderr } = runs(
    [],
    `(ulimit -f 8; atlas build; echo "run limited: $?") | cat
     find . -name '*.atlas-tmp'; atlas build; echo "run free: $?"`,
  );
  expect(ends).toEqual(['run limited: 1', 'run free: 0']);
  expect(stderr).toMatch(/\[unwritable\][^[]*EFBIG/u);
  expect(await everything(atlas)).toEqual(whole);
}, 60_000);

if (spawnSync('env', ['unshare', '-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0) {
  it('a real disk that is full, or only to be read, is told, and the next run ends with the same bytes', async () => {
    const whole = await buildAnew();
    await fs.mkdir(join(atlas.folder, 'disk'));
    const { ends, stderr } = runs(
      ['unshare', '-Urm'],
      `mount -t tmpfs -o size=400k tmpfs disk && cp atlas.config.ts prompts.jsonl disk && cd disk
       mount -o remount,ro tmpfs . ; atlas build; echo "run ro: $?"
       mount -o remount,rw tmpfs . ; atlas build; echo "run full: $?"; find . -name '*.atlas-tmp'
       mount -o remount,size=40m tmpfs . ; atlas build; echo "run room: $?"
       cp -r .atlas public content ..`,
    );
    expect(ends).toEqual(['run ro: 1', 'run full: 1', 'run room: 0']);
    expect(stderr).toMatch(/\[unwritable\][^[]*EROFS[\s\S]*\[no-space\]/u);
    expect(await everything(atlas)).toEqual(whole);
  }, 60_000);
}
