import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wayToCompute } from '../../../pipeline/memory.ts';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { computeActivations } from '../../../pipeline/stages/activations.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import type { ComputedJob } from '../../../pipeline/stages/plan.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore } from '../../../pipeline/store/store.ts';
import { lossWeightedInduction } from '../../../src/core/metrics/loss-weighted-induction.ts';
import { valueWeighted } from '../../../src/core/figures/value-weighted.ts';
import { quiet } from '../import/import-run.ts';

// Patterns within a budget of memory: the same bytes, or a failure of that prompt alone.

const MODELS = resolve(import.meta.dirname, '../../../models');
const askers = [lossWeightedInduction, valueWeighted];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-budget-'));
});
afterEach(() => rm(folder, { recursive: true }));

function jobs(text: string): Promise<ComputedJob[]> {
  const tiny = { id: 'tiny', name: 'tiny', source: 'tiny', folder: join(MODELS, 'tiny-gpt2') };
  return prepareModel({ ...tiny, prependBos: 'always' }, [promptOf({ text, meta: {} }, 'set')], 'cpu');
}

async function compute(name: string, text: string, memory?: number) {
  const store = openStore(join(folder, name), createFiles());
  const context = { reporter: quiet, signal: new AbortController().signal, files: createFiles(), memory };
  const failures: Parameters<typeof computeActivations>[2]['failures'] = [];
  const stored = await computeActivations(
    await jobs(text),
    store,
    { ...context, failures },
    {
      force: false,
      askers,
    },
  );
  const seals = async (stage: 'activations' | 'extras') =>
    Promise.all((await store.keys(stage)).sort().map(async (key) => [key, await store.seal(stage, key)]));
  return { stored, failures, objects: [...(await seals('activations')), ...(await seals('extras'))] };
}

it('has the bytes of one run where a budget makes it one layer at a time', async () => {
  const text = 'one two three '.repeat(30);
  const [job] = await jobs(text);
  if (job === undefined) throw new Error('No job');
  const whole = wayToCompute(job, { hasLoss: true });
  const byLayer = wayToCompute(job, { hasLoss: true }, whole.bytes - 1);
  expect(whole.layersAtOnce).toBeUndefined();
  expect(byLayer.layersAtOnce).toBe(1);
  expect(byLayer.bytes).toBeLessThan(whole.bytes);

  const large = await compute('large', text);
  const small = await compute('small', text, byLayer.bytes);
  expect(large.objects).toHaveLength(3);
  expect(small.objects).toEqual(large.objects);
});

it('fails alone where even one layer needs more', async () => {
  const { stored, failures, objects } = await compute('none', 'one two three', 1e6);
  expect([stored, objects]).toEqual([[], []]);
  expect(failures).toMatchObject([{ code: 'prompt-over-memory' }]);
});
