import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedStage } from '../../../pipeline/keep/plan-run.ts';
import { FIRST, SECOND, smallAtlas, type SmallAtlas } from './small-atlas.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

/** The reasons that a dry run gives, by stage; those of one stage in the order of its output. */
function reasons(): Record<string, string[]> {
  const { plan } = atlas.json('build', '--dry-run') as { plan: PlannedStage[] };
  const lacking = plan.filter(({ made }) => made > 0);
  return Object.fromEntries(
    lacking.map(({ stage, reasons: all }) => [stage, all.map(({ reason, count }) => `${count} ${reason}`)]),
  );
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(atlas.folder, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('atlas build --dry-run', () => {
  it('gives a reason for every object that the build then makes, and writes nothing', async () => {
    expect(reasons()).toMatchObject({ activations: ['6 new model'], 'head-means': ['1 new model'] });
    atlas.run('build');
    expect(reasons()).toEqual({});
    await atlas.prompts(FIRST, `${SECOND} it away`, 'A text that nothing like it was stored of');
    const before = await atlas.files('.atlas');
    const plan = reasons();
    expect(plan).toMatchObject({
      activations: ['1 prompt changed', '1 new prompt'],
      packs: ['1 prompt changed', '1 new prompt'],
    });
    expect(plan['head-means']).toEqual(['1 of some of its prompts: prompt changed; new prompt']);
    expect(await atlas.files('.atlas')).toEqual(before);
    const { plan: told } = atlas.json('build', '--dry-run') as { plan: PlannedStage[] };
    const { stderr } = atlas.run('build');
    for (const { stage, made } of told) {
      if (stage === 'head-means' || stage === 'imports') continue;
      const title = stage === 'measures' ? 'metrics' : stage;
      expect(stderr).toMatch(new RegExp(String.raw`${title} +${made} made`, 'u'));
    }
  });

  it('tells metrics that were added, and another precision', async () => {
    await atlas.configure({ metrics: ['previous-token'] });
    atlas.run('build');
    await atlas.configure({ metrics: ['previous-token', 'induction'], packs: { precision: 'exact' } });
    expect(reasons()).toEqual({
      measures: ['2 metric added: induction'],
      packs: ['2 precision changed (compact → exact)'],
    });
    await atlas.configure({ metrics: ['previous-token', 'induction-random', 'loss-weighted-induction'] });
    expect(reasons()).toMatchObject({
      activations: ['4 metrics that look at random tokens were added'],
      extras: ['2 metric added: loss-weighted-induction'],
    });
  });

  it('tells other weights, and another config of the model', async () => {
    atlas.run('build');
    const weights = join(atlas.folder, 'tiny-gpt2/model.safetensors');
    const bytes = await readFile(weights);
    const last = bytes.length - 2;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    await writeFile(weights, bytes);
    expect(reasons()).toMatchObject({
      activations: ['6 weights changed'],
      thumbnails: ['2 weights changed'],
    });
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    await writeFile(weights, bytes);
    await edit('tiny-gpt2/config.json', (text) => text.replace('"resid_pdrop": 0,', '"resid_pdrop": 0.25,'));
    expect(reasons()).toMatchObject({ activations: ["6 model's config.json changed"] });
  });

  it('tells what it can of a store that is older than the journal', async () => {
    atlas.run('build');
    await rm(join(atlas.folder, '.atlas/store/inputs'), { recursive: true });
    await edit('tiny-gpt2/config.json', (text) => text.replace('"resid_pdrop": 0,', '"resid_pdrop": 0.25,'));
    expect(reasons().activations?.[0]).toBe(
      '2 model, engine or onnxruntime changed (no journal of that run)',
    );
  });
});

describe('atlas status', () => {
  it('counts what is stored, what is asked for and what nothing refers to', async () => {
    atlas.run('build');
    const whole = atlas.json('status');
    const files = await atlas.files('.atlas/store');
    const objects = files.filter((file) => !file.endsWith('.json')); // the mark, and the machine that computed them
    expect(objects).toHaveLength(files.length - 2);
    expect(whole).toMatchObject({ objects: objects.length, running: [], unreferenced: [] });
    const sizes = await Promise.all(objects.map(async (file) => (await readFile(file)).length));
    expect(whole.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    await atlas.configure({ packs: { precision: 'fine' } });
    await atlas.prompts(FIRST);
    const { referenced, unreferenced, plan } = atlas.json('status');
    expect(referenced).toContainEqual(expect.objectContaining({ stage: 'activations', objects: 5 }));
    expect(unreferenced).toContainEqual(
      expect.objectContaining({
        stage: 'packs',
        model: 'tiny-gpt2',
        unreferenced: 'replaced, or of another precision',
        objects: 1,
      }),
    );
    expect(unreferenced).toContainEqual(
      expect.objectContaining({ stage: 'thumbnails', unreferenced: 'its prompt is not in the config' }),
    );
    expect(plan).toContainEqual(expect.objectContaining({ stage: 'packs', made: 1, reused: 0 }));
  });
});
