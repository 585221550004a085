import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

const text = `title: 'T', reading: 'r', formula: 'f', misleads: 'm', source: { text: 's', year: 2026 }`;
let atlas: SmallAtlas;
beforeAll(async () => {
  atlas = await smallAtlas();
  await write('[0].missing.number');
  await atlas.configure({
    metrics: ['previous-token', 'stability', './over-all.ts'],
    figures: ['raw', 'contact-sheet'],
  });
}, 60_000);
afterAll(() => atlas.remove());

/** An own metric over prompts that gives `observations` followed by `gives`. */
const write = (gives: string) =>
  writeFile(
    join(atlas.folder, 'over-all.ts'),
    `export default { name: 'over-all', ${text}, group: 'shape', range: [0, 1], scope: 'head', prompts: 'atlas',
      inputs: ['pattern'], observe: ({ pattern }) => [pattern.values[0]],
      compute: (observations) => observations${gives} };`,
  );

async function means(): Promise<Record<string, { mean: number } | null>> {
  const text = await readFile(join(atlas.folder, 'content/generated/heads.json'), 'utf8');
  const [first] = JSON.parse(text) as { metrics: Record<string, { mean: number } | null> }[];
  return first?.metrics ?? {};
}

it('is reported by metric, model, head and line, publishes nothing, and is not counted as done', async () => {
  for (let run = 0; run < 2; run++) {
    const { status, stderr } = atlas.run('build');
    expect(status).toBe(1);
    expect(stderr).toContain('The metric "over-all" failed, on 7 more heads, too');
    expect(stderr).toContain('tiny-gpt2');
    expect(stderr).toContain('L0H0');
    expect(stderr).toMatch(/over-all\.ts:\d+:\d+/u);
  }
  await expect(means()).rejects.toThrow('ENOENT');
}, 120_000);

it('leaves the others as they are where the run goes on', async () => {
  expect(atlas.run('build', '--keep-going').status).toBe(0);
  const { 'over-all': own, ...others } = await means();
  expect(own).toBeNull();
  expect(others['previous-token']?.mean).toBeGreaterThan(0);
  expect(others.stability?.mean).toBeGreaterThan(0);
}, 120_000);

it('is told by status as stale once its file is mended, and as stored after the next run', async () => {
  expect(atlas.json('status')).toMatchObject({
    own: [{ file: './over-all.ts', name: 'over-all', state: 'stored' }],
  });
  await write('[0][0]');
  expect(atlas.json('status')).toMatchObject({ own: [{ state: 'stale', lacking: 2, of: 2 }] });
  expect(atlas.run('status').stdout).toContain('./over-all.ts: metric over-all, stale on 2 of 2 prompts');
  expect(atlas.run('build').status).toBe(0);
  expect((await means())['over-all']?.mean).toBe(1);
  expect(atlas.json('status')).toMatchObject({ own: [{ state: 'stored', lacking: 0 }] });
}, 120_000);
