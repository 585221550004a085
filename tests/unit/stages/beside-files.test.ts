import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { promptOf } from '../../../pipeline/prompts/prompt.ts';
import { computeActivations } from '../../../pipeline/stages/activations.ts';
import { besideFiles } from '../../../pipeline/stages/beside-files.ts';
import type { Job } from '../../../pipeline/stages/plan.ts';
import { prepareModel } from '../../../pipeline/stages/prepare.ts';
import { createFiles } from '../../../pipeline/store/files.ts';
import { openStore, type Store } from '../../../pipeline/store/store.ts';
import { decodeBeside } from '../../../src/core/beside-pack.ts';
import { selectFigures } from '../../../src/core/figures/index.ts';
import type { Figure } from '../../../src/core/figures/figure.ts';
import { quiet, runImport } from '../import/import-run.ts';
import { writeModel } from '../import/made-up-patterns.ts';

const model = resolve(import.meta.dirname, '../../../models/tiny-gpt2');
const WIDTH = 128;
const HEADS = 4;
const TEXT = 'one two three one two three';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-beside-'));
  store = openStore(join(folder, 'store'), createFiles());
});
afterEach(() => rm(folder, { recursive: true }));

async function computed(askers: readonly Figure[]): Promise<Job[]> {
  const source = { id: 'tiny', name: 'tiny', source: 'tiny', folder: model, prependBos: 'always' as const };
  const jobs = await prepareModel(source, [promptOf({ text: TEXT, meta: {} }, 'set')], 'cpu');
  const context = {
    reporter: quiet,
    signal: new AbortController().signal,
    failures: [],
    files: createFiles(),
  };
  return computeActivations(jobs, store, context, { force: false, askers });
}

const below = (asset: string) => asset.slice('/generated/'.length);

/** The numbers of a tensor of half precision. */
function weights({ tensors, folder: place }: Checkpoint, name: string): number[] {
  const entry = tensors.get(`transformer.${name}`);
  if (entry === undefined) throw new Error(`no tensor ${name}`);
  const bytes = readFileSync(join(place, entry.file)).subarray(entry.offset, entry.offset + entry.length);
  return Array.from(new Float16Array(Uint8Array.from(bytes).buffer));
}

/** ‖v_j W_O‖ of a head of the first layer, from the weights in float64, as GPT-2 is written down. */
function normByHand(checkpoint: Checkpoint, id: number, place: number, head: number): number {
  const of = (name: string) => weights(checkpoint, name);
  const [tokens, places, gain, shift] = [
    of('wte.weight'),
    of('wpe.weight'),
    of('h.0.ln_1.weight'),
    of('h.0.ln_1.bias'),
  ];
  const [inputs, inputBias, output] = [
    of('h.0.attn.c_attn.weight'),
    of('h.0.attn.c_attn.bias'),
    of('h.0.attn.c_proj.weight'),
  ];
  const at = (values: readonly number[], index: number) => values[index] ?? NaN;
  const range = Array.from({ length: WIDTH }, (_, index) => index);
  const x = range.map((index) => at(tokens, id * WIDTH + index) + at(places, place * WIDTH + index));
  const mean = x.reduce((sum, value) => sum + value, 0) / WIDTH;
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / WIDTH + 1e-5);
  const normed = x.map((value, index) => ((value - mean) / spread) * at(gain, index) + at(shift, index));
  const size = WIDTH / HEADS;
  const value = range.slice(0, size).map((index) => {
    const column = 2 * WIDTH + head * size + index; // queries and keys stand before values
    return normed.reduce(
      (sum, one, row) => sum + one * at(inputs, row * 3 * WIDTH + column),
      at(inputBias, column),
    );
  });
  const written = range.map((column) =>
    value.reduce((sum, one, row) => sum + one * at(output, (head * size + row) * WIDTH + column), 0),
  );
  return Math.hypot(...written);
}

it('holds the value norms that one works out from the weights', async () => {
  const figures = selectFigures(['raw', 'value-weighted']);
  const [job] = await computed(figures);
  if (job === undefined) throw new Error('No job');
  const files = besideFiles([job], figures, below);
  expect(files.map(({ path }) => path)).toEqual([`value-norms/tiny/${job.prompt.id}.bin`]);
  const [file] = files;
  if (file === undefined || !('key' in file)) throw new Error('Not of the store');
  const norms = await store.read(file.stage, file.key);
  const checkpoint = await openCheckpoint(model);
  for (const [head, key] of [
    [0, 0],
    [2, 3],
    [3, 5],
  ] as const) {
    const { valueNorms } = decodeBeside({ norms }, job.stacks, {
      model: 'tiny',
      stack: 'self',
      layer: 0,
      head,
    });
    expect(valueNorms?.[key]).toBeCloseTo(normByHand(checkpoint, job.tokenized.ids[key] ?? 0, key, head), 4);
  }
});

it('is not there where no figure of the atlas looks at it', async () => {
  const figures = selectFigures(['raw', 'lines', 'rollout']);
  const jobs = await computed(figures);
  expect(await store.keys('extras')).toEqual([]);
  expect(besideFiles(jobs, figures, below)).toEqual([]);
});

it('tells of imported patterns what is known: a text, but no norms', async () => {
  const source = join(folder, 'lens');
  writeModel(source, 'made-up');
  const { jobs, store: imported } = await runImport(folder, source);
  const own: Figure = { ...selectFigures(['lines'])[0], name: 'own', inputs: ['ids', 'places'] } as Figure;
  const figures = [...selectFigures(['value-weighted']), own];
  const context = {
    reporter: quiet,
    signal: new AbortController().signal,
    failures: [],
    files: createFiles(),
  };
  await computeActivations(jobs, imported, context, { force: false, askers: figures });
  const files = besideFiles(jobs, figures, below);
  expect(files).toHaveLength(2 * jobs.length);
  for (const file of files) {
    if (file.path.startsWith('value-norms/')) expect(file).toMatchObject({ text: '' });
    else if ('key' in file) {
      const known = decodeBeside({ text: await imported.read(file.stage, file.key) }, [], {
        model: 'made-up',
        stack: 'self',
        layer: 0,
        head: 0,
      });
      const job = jobs.find(({ prompt }) => file.path.includes(prompt.id));
      expect(known.places?.text ?? job?.prompt.text).toBe(job?.prompt.text);
      expect(known.ids).toEqual(job?.tokenized.isNumbered === true ? undefined : job?.tokenized.ids);
    }
  }
});
