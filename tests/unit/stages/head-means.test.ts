import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { openPatternSession } from '../../../pipeline/runtime/pattern-session.ts';
import { storeHeadMeans } from '../../../pipeline/stages/head-means.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore } from '../../../pipeline/store/store.ts';
import type { LayerMeans } from '../../../src/schema/head-means.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-means-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('stores what each head reads, on average over the tokens of all prompts', async () => {
  const model = resolve(import.meta.dirname, '../../../models/tiny-gpt2');
  const source = { id: 'm', name: 'm', source: 'm', folder: model, prependBos: 'always' as const };
  const prompts = ['one', 'a much longer prompt than that'].map((text) =>
    promptOf({ text, meta: {} }, 'set'),
  );
  const jobs = await prepareModel(source, prompts, 'cpu');
  const [first] = jobs;
  if (first === undefined) throw new Error('No job');
  const store = openStore(folder, createFiles());
  const key = await storeHeadMeans(first.model, jobs, store);
  const stored = JSON.parse(Buffer.from(await store.read('head-means', key)).toString()) as LayerMeans[];
  expect(stored.map(({ layer, values }) => [layer, values.length])).toEqual([
    [0, 128],
    [1, 128],
  ]);

  const session = await openPatternSession(first.model.checkpoint, { extras: ['head-means'] });
  const runs = await Promise.all(jobs.map(({ tokenized }) => session.run(tokenized.ids)));
  await session.close();
  const lengths = jobs.map(({ tokenized }) => tokenized.ids.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  expect(lengths[1]).toBeGreaterThan(lengths[0] ?? 0);
  for (const { layer, values } of stored) {
    const means = runs.map(({ extras }) => extras.heads.get('head-means')?.get('self')?.get(layer));
    for (const [at, value] of values.entries()) {
      const expected = means.reduce(
        (sum, mean, k) => sum + ((mean?.[at] ?? NaN) * (lengths[k] ?? NaN)) / total,
        0,
      );
      expect(Math.abs(value - expected)).toBeLessThan(1e-6);
    }
  }
});
