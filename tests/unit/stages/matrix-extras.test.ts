import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { openPatternSession } from '../../../pipeline/runtime/pattern-session.ts';
import { computeActivations } from '../../../pipeline/stages/activations.ts';
import { derive, storedMeasures } from '../../../pipeline/stages/derive.ts';
import { extraKey, storedExtras } from '../../../pipeline/stages/extras.ts';
import { measureName } from '../../../pipeline/stages/measures.ts';
import type { ComputedJob } from '../../../pipeline/stages/plan.ts';
import { prepareModel, prepareProbes } from '../../../pipeline/stages/prepare.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, type Store } from '../../../pipeline/store/store.ts';
import { selectFigures } from '../../../src/core/figures/index.ts';
import { copying } from '../../../src/core/metrics/copying.ts';
import { patternOf } from '../../../src/core/pattern.ts';
import { readExpected } from '../../parity/oracle-case.ts';
import { quiet } from '../import/import-run.ts';

const project = resolve(import.meta.dirname, '../../..');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-matrices-'));
});
afterEach(() => rm(folder, { recursive: true }));

const storeAt = (name: string) => openStore(join(folder, name), createFiles());

function contextOf(memory?: number) {
  const signal = new AbortController().signal;
  return { reporter: quiet, signal, failures: [], files: createFiles(), ...(memory && { memory }) };
}

async function tinyJob(): Promise<ComputedJob> {
  const place = join(project, 'models/tiny-gpt2');
  const source = { id: 'tiny', name: 'tiny', source: 'tiny', folder: place, prependBos: 'always' as const };
  const prompt = promptOf({ text: 'one two three one two three', meta: {} }, 'set');
  const [job] = await prepareModel(source, [prompt], 'cpu');
  if (job === undefined) throw new Error('No job');
  return job;
}

/** The job of a fixture on its first ids. */
async function fixtureJob(name: string): Promise<ComputedJob> {
  const sample = await tinyJob();
  const place = join(project, 'tests/fixtures/oracle', name);
  const checkpoint = await openCheckpoint(place);
  const ids = readExpected(place).ids('input_ids_0') ?? [];
  const stacks = checkpoint.description.stacks.map(({ stack, heads, layers }) => ({
    stack,
    layout: { kind: 'causal' as const, n: ids.length },
    heads,
    layers: layers.filter(({ hasPattern }) => hasPattern).map(({ index }) => index),
  }));
  const tokenized = { ids, tokens: ids.map(String) };
  return { ...sample, model: { ...sample.model, checkpoint }, tokenized, stacks };
}

const scoresAlone = selectFigures(['scores']);

function store(job: ComputedJob, into: Store, memory?: number) {
  return computeActivations([job], into, contextOf(memory), {
    force: false,
    askers: scoresAlone,
  });
}

it('holds the scores of each head, those of keys beyond a window, too', async () => {
  const job = await fixtureJob('gemma2'); // one layer of two sees a window
  const into = storeAt('store');
  expect(await store(job, into)).toEqual([job]);
  const { matrices } = await storedExtras(job, ['scores'], into);
  const session = await openPatternSession(job.model.checkpoint, { extras: ['scores'] });
  const { extras, patterns } = await session.run(job.tokenized.ids);
  await session.close();
  const n = job.tokenized.ids.length;
  const [shape] = job.stacks;
  let unseen = 0;
  for (const [at, layer] of (shape?.layers ?? []).entries()) {
    for (let head = 0; head < (shape?.heads ?? 0); head++) {
      const stored = matrices.scores?.[at * (shape?.heads ?? 0) + head];
      const computed = extras.heads.get('scores')?.get('self')?.get(layer) ?? new Float32Array();
      for (let query = 0; query < n; query++) {
        for (let key = 0; key <= query; key++) {
          const value = stored?.values[query * n + key];
          expect(value).toBe(computed[(head * n + query) * n + key]);
          if (value !== -Infinity) continue;
          unseen++;
          expect(patterns.get(layer)?.[(head * n + query) * n + key]).toBe(0);
        }
      }
    }
  }
  expect(unseen).toBeGreaterThan(0);
});

it('holds the same scores where layers are computed one at a time, and where patterns were there already', async () => {
  const job = await tinyJob();
  const [whole, apart, later] = [storeAt('whole'), storeAt('apart'), storeAt('later')];
  const key = extraKey(job, 'scores');
  await store(job, whole);
  await store(job, apart, 172e6 + job.model.checkpoint.weightsBytes);
  await computeActivations([job], later, contextOf(), { force: false });
  expect(await later.has('extras', key)).toBe(false);
  await store(job, later);
  for (const other of [apart, later]) {
    expect(await other.seal('extras', key)).toEqual(await whole.seal('extras', key));
    expect(await other.seal('activations', job.activationsKey)).toEqual(
      await whole.seal('activations', job.activationsKey),
    );
  }
});

it('gives copying the effects of the random tokens that come twice', async () => {
  const job = await tinyJob();
  const probes = prepareProbes([job]);
  const into = storeAt('store');
  const metrics = [copying];
  await computeActivations([job, ...probes], into, contextOf(), {
    force: false,
    askers: metrics,
  });
  expect(await into.keys('extras')).toHaveLength(probes.length); // and of no prompt of the atlas
  await derive([job, ...probes], into, contextOf(), { precision: 'fine', metrics });
  const session = await openPatternSession(job.model.checkpoint, { extras: ['logit-effects'] });
  for (const probe of probes) {
    const { ids } = probe.tokenized;
    const n = ids.length;
    const { patterns, extras } = await session.run(ids);
    const kept = (await storedMeasures(probe, into))[measureName(copying)] ?? [];
    expect(kept).toHaveLength(8);
    for (const [place, observation] of kept.entries()) {
      const [layer, head] = [Math.floor(place / 4), place % 4];
      const part = (values: Float32Array = new Float32Array()) =>
        values.slice(head * n * n, (head + 1) * n * n);
      const pattern = patternOf({ kind: 'causal', n }, part(patterns.get(layer)));
      const effects = part(extras.heads.get('logit-effects')?.get('self')?.get(layer));
      const logitEffects = patternOf({ kind: 'square', n }, effects);
      expect(observation).toEqual(copying.observe({ pattern, ids, logitEffects }));
    }
  }
  await session.close();
});

it('is an empty object where the model has no such effects, and no metric is then measured', async () => {
  const job = { ...(await fixtureJob('qwen3-next')), prompt: { ...(await tinyJob()).prompt } };
  const probe = { ...job, prompt: { ...job.prompt, id: 'repeated-tokens-000000' } };
  const into = storeAt('store');
  await computeActivations([probe], into, contextOf(), { force: false, askers: [copying] });
  expect((await into.seal('extras', extraKey(probe, 'logitEffects'))).bytes).toBe(0);
  await derive([probe], into, contextOf(), { precision: 'fine', metrics: [copying] });
  const kept = (await storedMeasures(probe, into))[measureName(copying)] ?? [];
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.every((value) => value === null)).toBe(true);
});
