import { join } from 'node:path';
import { leastToCompute } from '../memory.ts';
import { computeActivations } from '../stages/activations.ts';
import { derive, type DeriveOptions } from '../stages/derive.ts';
import { drawFigures } from '../stages/draw-figures.ts';
import { liveModels } from '../stages/live-models.ts';
import { imagesOf } from '../stages/plan-outputs.ts';
import { cellsOf, headsOf, type Job } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import { openStore, STAGES, type StageName, type Store } from '../store/store.ts';
import type { Files } from '../store/files.ts';

/** What a run from nothing would cost, judged from one prompt a model. */
export interface Estimate {
  readonly patterns: number;
  readonly seconds: number;
  readonly storeBytes: number;
  readonly packBytes: number;
  readonly siteFiles: number;
  /** Bytes of the store and of the site's data together. */
  readonly diskBytes: number;
  /** Bytes of memory that the prompt needs which needs most. */
  readonly memoryBytes: number;
}

/**
 * Runs the median prompt of each model in a store of its own and scales by the number of cells, which bytes follow
 * and time roughly does (short prompts cost more than their share, so it is high rather than low for long ones).
 *
 * @param folder a temporary folder, which the caller removes
 */
export async function estimateRun(
  jobs: readonly Job[],
  folder: string,
  files: Files,
  context: StageContext,
  options: DeriveOptions & { readonly liveBytes: number; readonly dropsPatterns: boolean },
): Promise<Estimate> {
  const models = [...new Set(jobs.map(({ model }) => model))];
  const live = [...(await liveModels(models, options.liveBytes)).values()].flatMap(({ files: own }) => own);
  const kept = STAGES.filter((stage) => stage !== 'activations' || !options.dropsPatterns);
  const total = {
    patterns: 0,
    seconds: 0,
    storeBytes: 0,
    packBytes: 0,
    siteFiles: 0,
    diskBytes: live.reduce((sum, { bytes }) => sum + bytes, 0),
    memoryBytes: jobs.reduce((most, job) => Math.max(most, leastToCompute(job)), 0),
  };
  for (const ofModel of Map.groupBy(jobs, (job) => job.model).values()) {
    const sample = ofModel.toSorted((a, b) => cellsOf(a) - cellsOf(b))[Math.floor(ofModel.length / 2)];
    if (sample === undefined) continue;
    const store = openStore(join(folder, sample.model.source.id), files);
    const run = { force: true, metrics: options.metrics };
    await computeActivations([sample], store, { ...context, files }, run); // the first run of a session also prepares it
    const start = performance.now();
    await computeActivations([sample], store, { ...context, files }, run);
    await derive([sample], store, context, options);
    const seconds = (performance.now() - start) / 1000;
    await drawFigures(imagesOf([sample]), store, context, { force: false, keepsEmpty: true });
    const scale = ofModel.reduce((sum, job) => sum + cellsOf(job), 0) / cellsOf(sample);
    const stored = scale * (await bytesOf(kept, store));
    const packs = scale * (await bytesOf(['packs'], store));
    const images = scale * (await bytesOf(['figures'], store));
    total.patterns += ofModel.length * headsOf(sample).length;
    total.seconds += seconds * scale;
    total.storeBytes += stored;
    total.packBytes += packs;
    total.diskBytes += stored + packs + images;
    total.siteFiles += 2 * ofModel.length + headsOf(sample).length;
  }
  return total;
}

async function bytesOf(stages: readonly StageName[], store: Store): Promise<number> {
  let sum = 0;
  for (const stage of stages) {
    for (const key of await store.keys(stage)) sum += (await store.size(stage, key)) ?? 0;
  }
  return sum;
}
