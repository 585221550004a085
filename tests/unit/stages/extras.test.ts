import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { openPatternSession } from '../../../pipeline/runtime/pattern-session.ts';
import { computeActivations } from '../../../pipeline/stages/activations.ts';
import { derive, storedMeasures } from '../../../pipeline/stages/derive.ts';
import { extraKeys, extrasOf, storedExtras } from '../../../pipeline/stages/extras.ts';
import { measureName } from '../../../pipeline/stages/measures.ts';
import type { ComputedJob, Job } from '../../../pipeline/stages/plan.ts';
import { prepareModel, prepareProbes } from '../../../pipeline/stages/prepare.ts';
import { readStoredPatterns } from '../../../pipeline/stages/read-patterns.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, type Store } from '../../../pipeline/store/store.ts';
import { induction } from '../../../src/core/metrics/induction.ts';
import { lossWeightedInduction } from '../../../src/core/metrics/loss-weighted-induction.ts';
import { measure, measureOver, observe, type Metric } from '../../../src/core/metrics/metric.ts';
import { repeatGain } from '../../../src/core/metrics/repeat-gain.ts';
import { readExpected } from '../../parity/oracle-case.ts';
import { quiet, runImport } from '../import/import-run.ts';
import { writeModel } from '../import/made-up-patterns.ts';

const project = resolve(import.meta.dirname, '../../..');
/** A metric of a site's own that looks at the norms. */
const ofNorms: Metric = { ...induction, name: 'of-norms', inputs: ['valueNorms'], compute: () => 0 };
const both = [lossWeightedInduction, ofNorms];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-extras-'));
});
afterEach(() => rm(folder, { recursive: true }));

function storeAt(name: string): Store {
  return openStore(join(folder, name), createFiles());
}

function contextOf() {
  return { reporter: quiet, signal: new AbortController().signal, failures: [], files: createFiles() };
}

function compute(jobs: readonly Job[], store: Store, metrics: readonly Metric[]) {
  return computeActivations(jobs, store, contextOf(), { force: false, askers: metrics });
}

function tinyJobs(): Promise<ComputedJob[]> {
  const source = {
    id: 'tiny',
    name: 'tiny',
    source: 'tiny',
    folder: join(project, 'models/tiny-gpt2'),
    prependBos: 'always' as const,
  };
  const prompts = ['one two three one two three', 'a'].map((text) => promptOf({ text, meta: {} }, 'set'));
  return prepareModel(source, prompts, 'cpu');
}

/** −ln of the probability of each token after the first, from all logits, in float64. */
async function lossesOf({ model, tokenized: { ids } }: ComputedJob): Promise<Float32Array> {
  const session = await openPatternSession(model.checkpoint, { logits: true });
  const { logits = new Float32Array() } = await session.run(ids);
  await session.close();
  const width = logits.length / ids.length;
  const losses = ids.slice(1).map((id, place) => {
    const row = logits.subarray(place * width, (place + 1) * width);
    const most = Math.max(...row);
    return most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0)) - (row[id] ?? NaN);
  });
  return Float32Array.of(Number.NaN, ...losses);
}

describe('what metrics look at beside patterns', () => {
  it('is stored where a metric asks for it, without a change to the patterns', async () => {
    const jobs = await tinyJobs();
    const [plain, asked] = [storeAt('plain'), storeAt('asked')];
    await compute(jobs, plain, [induction, repeatGain]); // repeatGain looks at random tokens alone
    expect(await plain.keys('extras')).toEqual([]);
    await compute(jobs, asked, both);
    const keys = jobs.flatMap((job) => extraKeys(job, both));
    expect((await asked.keys('extras')).sort()).toEqual(keys.sort());
    expect(keys).toHaveLength(4);
    for (const { activationsKey } of jobs) {
      expect(await asked.seal('activations', activationsKey)).toEqual(
        await plain.seal('activations', activationsKey),
      );
    }

    await compute(jobs, plain, [lossWeightedInduction]); // its patterns are there
    expect(await plain.keys('extras')).toHaveLength(2);
    for (const key of await plain.keys('extras')) {
      expect(await plain.seal('extras', key)).toEqual(await asked.seal('extras', key));
    }
  });

  it('is not computed again', async () => {
    const [job] = await tinyJobs();
    if (job === undefined) throw new Error('No job');
    const store = storeAt('store');
    await compute([job], store, both);
    // A model that cannot be opened is not asked for what is there.
    const model = {
      ...job.model,
      checkpoint: { ...job.model.checkpoint, weightsFolder: join(folder, 'gone') },
    };
    expect(await compute([{ ...job, model }], store, both)).toHaveLength(1);
    expect(await compute([{ ...job, model }], storeAt('empty'), both)).toEqual([]);
  });

  it('gives metrics what the model says', async () => {
    const jobs = await tinyJobs();
    const probes = prepareProbes(jobs);
    const store = storeAt('store');
    const metrics = [lossWeightedInduction, repeatGain];
    await compute([...jobs, ...probes], store, metrics);
    await derive([...jobs, ...probes], store, contextOf(), { precision: 'fine', metrics });
    const values: (number | null)[] = [];
    for (const job of jobs) {
      const measured = (await storedMeasures(job, store))[measureName(lossWeightedInduction)] ?? [];
      const content = await store.read('activations', job.activationsKey);
      const patterns = Array.from(readStoredPatterns(content).heads(), ({ pattern }) => pattern);
      expect(measured).toHaveLength(patterns.length);
      const tokenLoss = await lossesOf(job);
      for (const [place, pattern] of patterns.entries()) {
        const expected = measure(lossWeightedInduction, { pattern, ids: job.tokenized.ids, tokenLoss });
        const value = measured[place] as number | null;
        values.push(value);
        if (expected === null) expect(value).toBeNull();
        else expect(value).toBeCloseTo(expected, 5);
      }
    }
    expect(values.filter((value) => value !== null)).toHaveLength(8); // the other prompt repeats nothing

    const stored = await Promise.all(probes.map((probe) => storedMeasures(probe, store)));
    const kept = stored.map((measures) => measures[measureName(repeatGain)]?.[0]);
    const expected = [];
    for (const probe of probes) {
      expected.push(
        observe(repeatGain, { ids: probe.tokenized.ids, tokenLoss: await lossesOf(probe) }) ?? [],
      );
    }
    expect(kept).toHaveLength(4);
    for (const [at, observation] of kept.entries()) {
      expect((observation as number[])[0]).toBeCloseTo(expected[at]?.[0] ?? NaN, 4);
    }
    expect(measureOver(repeatGain, expected)).toBeGreaterThan(1);
  });

  it('holds the norms of each head', async () => {
    const [job] = await tinyJobs();
    if (job === undefined) throw new Error('No job');
    const store = storeAt('store');
    await compute([job], store, both);
    const { valueNorms } = await storedExtras(job, ['valueNorms'], store);
    const session = await openPatternSession(job.model.checkpoint, { extras: ['value-norms'] });
    const { extras } = await session.run(job.tokenized.ids);
    await session.close();
    const layers = extras.heads.get('value-norms')?.get('self');
    const n = job.tokenized.ids.length;
    expect(valueNorms).toHaveLength(8);
    for (const [place, norms] of valueNorms?.entries() ?? []) {
      const [layer, head] = [Math.floor(place / 4), place % 4];
      expect(norms).toEqual(layers?.get(layer)?.slice(head * n, (head + 1) * n));
    }
  });

  it.each([
    ['an encoder', 'bert-encoder', ['valueNorms']],
    ["an encoder-decoder's encoder", 't5', ['valueNorms']],
    ['a decoder with gates behind its heads', 'qwen3-next', ['tokenLoss']],
  ])('is left out where the model has none: %s', async (_, fixture, available) => {
    const [sample] = await tinyJobs();
    if (sample === undefined) throw new Error('No job');
    const place = join(project, 'tests/fixtures/oracle', fixture);
    const checkpoint = await openCheckpoint(place);
    const ids = readExpected(place).ids('input_ids_0') ?? [];
    const stacks = checkpoint.description.stacks.slice(0, 1).map(({ stack, layout, heads, layers }) => ({
      stack,
      layout: { kind: layout as 'causal' | 'square', n: ids.length },
      heads,
      layers: layers.filter(({ hasPattern }) => hasPattern).map(({ index }) => index),
    }));
    const tokenized = { ids, tokens: ids.map(String) };
    const job = { ...sample, model: { ...sample.model, checkpoint }, tokenized, stacks };
    const store = storeAt('store');
    expect(await compute([job], store, both)).toEqual([job]);
    const { ofPrompt, valueNorms } = await storedExtras(job, extrasOf(job, both), store);
    expect(Object.keys({ ...ofPrompt, ...(valueNorms && { valueNorms }) })).toEqual(available);
  });

  it('is not asked of imported patterns', async () => {
    const source = join(folder, 'lens');
    writeModel(source, 'made-up');
    const { jobs, store } = await runImport(folder, source);
    await compute(jobs, store, both);
    await derive(jobs, store, contextOf(), { precision: 'fine', metrics: [lossWeightedInduction] });
    expect(await store.keys('extras')).toEqual([]);
    for (const job of jobs) {
      const measured = (await storedMeasures(job, store))[measureName(lossWeightedInduction)];
      expect(measured).toEqual(Array(6).fill(null));
    }
  });
});
