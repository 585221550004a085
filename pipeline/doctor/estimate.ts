import { cellCount } from '../../src/schema/stacks.ts';
import { computeActivations } from '../stages/activations.ts';
import { derive, derivedKeys, type DeriveOptions } from '../stages/derive.ts';
import { headsOf, type Job, type PatternSource } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import { openStore } from '../store/store.ts';
import type { Files } from '../store/files.ts';

/** What a run from nothing would cost, judged from one prompt a model. */
export interface Estimate {
  readonly patterns: number;
  readonly seconds: number;
  readonly storeBytes: number;
  readonly packBytes: number;
  readonly siteFiles: number;
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
  options: DeriveOptions,
): Promise<Estimate> {
  const store = openStore(folder, files);
  const total = { patterns: 0, seconds: 0, storeBytes: 0, packBytes: 0, siteFiles: 0 };
  for (const ofModel of Map.groupBy(jobs, (job) => job.model).values()) {
    const sample = ofModel.toSorted((a, b) => cellsOf(a) - cellsOf(b))[Math.floor(ofModel.length / 2)];
    if (sample === undefined) continue;
    const run = { force: true, device: 'cpu', metrics: options.metrics };
    await computeActivations([sample], store, { ...context, files }, run); // the first run of a session also prepares it
    const start = performance.now();
    await computeActivations([sample], store, { ...context, files }, run);
    await derive([sample], store, context, options);
    const seconds = (performance.now() - start) / 1000;
    const activations = await store.seal('activations', sample.activationsKey);
    const pack = await store.seal('packs', derivedKeys(sample, options).pack);
    const scale = ofModel.reduce((sum, job) => sum + cellsOf(job), 0) / cellsOf(sample);
    total.patterns += ofModel.length * headsOf(sample).length;
    total.seconds += seconds * scale;
    total.storeBytes += activations.bytes * scale;
    total.packBytes += pack.bytes * scale;
    total.siteFiles += 2 * ofModel.length + headsOf(sample).length;
  }
  return total;
}

function cellsOf({ stacks }: PatternSource): number {
  return stacks.reduce(
    (sum, { layout, heads, layers }) => sum + cellCount(layout) * heads * layers.length,
    0,
  );
}
