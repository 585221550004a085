import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import type { ComputedJob } from '../../../pipeline/stages/plan.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import { sketchesKey, sketchModels, type ModelSketches } from '../../../pipeline/stages/sketches.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, type Store } from '../../../pipeline/store/store.ts';
import { BUNDLES, HEAD_SKETCH_SIZE } from '../../../src/core/relatives/pattern-space.ts';
import { SKETCH_SIZE } from '../../../src/core/relatives/sketch-pattern.ts';

const HEADS = 8;
const model = resolve(import.meta.dirname, '../../../models/tiny-gpt2');
const prompts = Array.from({ length: BUNDLES + 1 }, (_, at) =>
  promptOf({ text: `one ${at} two`, meta: {} }, 'set'),
);

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-sketches-'));
  store = openStore(join(folder, 'store'), createFiles());
});
afterEach(() => rm(folder, { recursive: true }));

/** The jobs of a model, each head's sketch on each prompt stored as the head's place plus 1 all over. */
async function jobsOf(prependBos: 'always' | 'never'): Promise<ComputedJob[]> {
  const source = { id: prependBos, name: prependBos, source: prependBos, folder: model, prependBos };
  const jobs = await prepareModel(source, prompts, 'cpu');
  for (const job of jobs) {
    const numbers = Float32Array.from(
      { length: HEADS * SKETCH_SIZE },
      (_, at) => 1 + Math.floor(at / SKETCH_SIZE),
    );
    await store.write('sketches', sketchesKey(job), new Uint8Array(numbers.buffer));
  }
  return jobs;
}

async function sketched(jobs: readonly ComputedJob[]): Promise<ModelSketches> {
  const [only] = (await sketchModels(jobs, prompts, store)).values();
  if (only === undefined) throw new Error('No sketches');
  return only;
}

describe('the sketches of a model', () => {
  it('have each prompt in its bundle, with signs of its own, the same for all heads', async () => {
    const { heads, bundles } = await sketched(await jobsOf('always'));
    expect(heads).toHaveLength(HEADS * HEAD_SKETCH_SIZE);
    expect(bundles.get('self')?.map((bundle) => bundle.prompts)).toEqual([
      2,
      ...Array<number>(BUNDLES - 1).fill(1),
    ]);
    const alone = heads.slice(SKETCH_SIZE, 2 * SKETCH_SIZE);
    expect(new Set(alone)).toEqual(new Set([1, -1]));
    const both = heads.slice(0, SKETCH_SIZE);
    expect(new Set(both)).toEqual(new Set([2, 0, -2]));
    const third = heads.slice(2 * HEAD_SKETCH_SIZE, 2 * HEAD_SKETCH_SIZE + SKETCH_SIZE);
    expect([...third]).toEqual(Array.from(both, (value) => 3 * value));
  });

  it('go by prompts and tokens: another model’s bundles are the same, those of other tokens are not', async () => {
    const one = await sketched(await jobsOf('always'));
    const jobs = await jobsOf('never');
    const other = await sketched(jobs);
    const words = ({ bundles }: ModelSketches) => bundles.get('self')?.map(({ of }) => of) ?? [];
    expect(words(other).some((word, at) => word === words(one)[at])).toBe(false);
    const renamed = jobs.map((job) => ({ ...job, model: { ...job.model, weightsSha256: 'others' } }));
    const sibling = renamed[0]?.model;
    const again = await sketched(renamed.flatMap((job) => (sibling ? [{ ...job, model: sibling }] : [])));
    expect(words(again)).toEqual(words(other));
  });

  it('lose one bundle where a prompt is missing, and keep the others', async () => {
    const jobs = await jobsOf('always');
    const whole = (await sketched(jobs)).bundles.get('self') ?? [];
    const less = (await sketched(jobs.filter((_, at) => at !== 3))).bundles.get('self') ?? [];
    expect(less.flatMap(({ of }, at) => (of === whole[at]?.of ? [] : [at]))).toEqual([3]);
    expect(less[3]?.prompts).toBe(0);
  });
});
