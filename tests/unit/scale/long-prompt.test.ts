import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTokenizer } from '../../../pipeline/checkpoint/read-tokenizer.ts';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

const project = resolve(import.meta.dirname, '../../..');
const MODELS = ['tiny-gpt2', 'tiny-llama', 'tiny-neox'];
/** `red` and ` blue` are two tokens of each model. */
const LONG = 'red blue '.repeat(50_000).trimEnd();

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
  await fs.cp(join(project, 'models/tiny-llama'), join(atlas.folder, 'endless'), { recursive: true });
  const path = join(atlas.folder, 'endless/config.json');
  const config = JSON.parse(await fs.readFile(path, 'utf8')) as Record<string, unknown>;
  await fs.writeFile(path, JSON.stringify({ ...config, max_position_embeddings: 10_000_000 }));
  await atlas.configure({
    models: [{ path: 'tiny-gpt2' }, { path: 'endless' }],
    prompts: { maxCharacters: 1_000_000 },
    metrics: ['entropy'],
  });
  await atlas.prompts('one two three', LONG, 'Tom and Ann');
});
afterEach(() => atlas.remove());

it('a prompt of 100,000 tokens fails by itself, quickly and in bounded memory, and the others go on', () => {
  const told = `process.on('exit',()=>process.stderr.write('kB '+process.resourceUsage().maxRSS+'\\n'))`;
  const words = ['--import', `data:text/javascript,${encodeURIComponent(told)}`];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...words, join(project, 'pipeline/main.ts'), 'build', '--keep-going', '--json'],
    { cwd: atlas.folder, encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  expect([status, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      published: true,
      failures: [
        { code: 'prompt-too-long', model: 'tiny-gpt2' },
        { code: 'prompt-over-memory', model: 'endless' },
      ],
    },
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ models: 2, patterns: 2 * 2 * 8 });
  expect(Number(/^kB (\d+)$/mu.exec(stderr)?.[1])).toBeLessThan(1_500_000);
  expect(seconds).toBeLessThan(60);
}, 90_000);

it.each(MODELS)(
  '%s tokenizes four times the text in no more than about four times the time',
  async (name) => {
    const tokenizer = await readTokenizer(join(project, 'models', name));
    const timeOf = (text: string) => {
      const start = performance.now();
      tokenizer.encode(text, { special: true });
      return performance.now() - start;
    };
    for (const kind of ['the cat sat. ', 'ab', ' ', '中文']) {
      const text = kind.repeat(30_000 / kind.length);
      const four = Math.min(timeOf(text.repeat(4)), timeOf(text.repeat(4)));
      const once = Math.min(timeOf(text), timeOf(text), timeOf(text));
      // Quadratic time would be sixteen times as long.
      expect([kind, four / once < 11]).toEqual([kind, true]);
    }
  },
  120_000,
);
