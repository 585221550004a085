import { openPatternSession } from '../runtime/pattern-session.ts';
import { outputKey, type Store } from '../store/store.ts';
import type { CheckpointModel, Job } from './plan.ts';

/** Raised when the stage comes to give other bytes for the same input. */
const VERSION = 1;

/** The key of a model's head means over all of its jobs. */
export function headMeansKey(jobs: readonly Job[]): string {
  return outputKey('head-means', VERSION, { patterns: jobs.map(({ activationsKey }) => activationsKey) });
}

/**
 * Computes what each head of a model reads on average over all tokens of all prompts, and stores it as JSON: a list
 * of `{ layer, values }`, `values` being `[heads, size]`. Mean ablation puts it in the place of a head.
 *
 * @param jobs all of the model
 * @returns its key in the stage `head-means`
 */
export async function storeHeadMeans(
  model: CheckpointModel,
  jobs: readonly Job[],
  store: Store,
): Promise<string> {
  const key = headMeansKey(jobs);
  if (await store.has('head-means', key)) return key;
  const sums = new Map<number, Float64Array>();
  let tokens = 0;
  const session = await openPatternSession(model.checkpoint, { extras: ['head-means'] });
  try {
    for (const { tokenized } of jobs) {
      const { ids } = tokenized;
      const { extras } = await session.run(ids);
      for (const [layer, means] of extras.heads.get('head-means')?.get('self') ?? []) {
        const sum = sums.get(layer) ?? new Float64Array(means.length);
        sums.set(layer, sum);
        for (const [at, mean] of means.entries()) sum[at] = (sum[at] ?? 0) + mean * ids.length;
      }
      tokens += ids.length;
    }
  } finally {
    await session.close();
  }
  const means = [...sums].map(([layer, sum]) => ({
    layer,
    values: Array.from(sum, (value) => Number((value / tokens).toPrecision(7))),
  }));
  await store.write('head-means', key, Buffer.from(JSON.stringify(means)));
  return key;
}
