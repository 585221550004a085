import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../../..');
export const FIRST = 'one two three one two three';
export const SECOND = 'Tom and Ann went to the shop, and Tom gave';

/** A folder with a config of one small model on two prompts, and the command line in it. */
export interface SmallAtlas {
  readonly folder: string;
  configure(changes: Record<string, unknown>): Promise<void>;
  prompts(...texts: readonly string[]): Promise<void>;
  run(...words: readonly string[]): { status: number | null; stdout: string; stderr: string };
  /** What a command prints with `--json`. */
  json(...words: readonly string[]): Record<string, unknown>;
  /** Every file below a folder of it, sorted. */
  files(below: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function smallAtlas(): Promise<SmallAtlas> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-keep-'));
  await cp(join(project, 'models/tiny-gpt2'), join(folder, 'tiny-gpt2'), { recursive: true });
  const atlas: SmallAtlas = {
    folder,
    async configure(changes) {
      const config = { models: [{ path: 'tiny-gpt2' }], promptSets: [{ file: 'prompts.jsonl' }], ...changes };
      await writeFile(join(folder, 'atlas.config.ts'), `export default ${JSON.stringify(config)};\n`);
    },
    async prompts(...texts) {
      const rows = texts.map((text) => `${JSON.stringify({ text })}\n`);
      await writeFile(join(folder, 'prompts.jsonl'), rows.join(''));
    },
    run(...words) {
      const command = [join(project, 'pipeline/main.ts'), ...words];
      const { status, stdout, stderr } = spawnSync(process.execPath, command, {
        cwd: folder,
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    },
    json(...words) {
      const { stdout, stderr } = atlas.run(...words, '--json');
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    async files(below) {
      const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
      return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
    },
    remove: () => rm(folder, { recursive: true }),
  };
  await atlas.configure({});
  await atlas.prompts(FIRST, SECOND);
  return atlas;
}
