import { join } from 'node:path';
import { patternMember } from '../../src/core/npz/pattern-members.ts';
import { layoutSize } from '../../src/schema/stacks.ts';
import { writeNpz, type StreamedArray } from '../npz/write-npz.ts';
import { derivedKeys, type DeriveOptions } from '../stages/derive.ts';
import type { Job } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import type { Files } from '../store/files.ts';
import type { Store } from '../store/store.ts';
import { exportJobs } from './export-jobs.ts';
import { lensConfig, lensPrompt } from './lens-records.ts';
import { openStoredHeads, type StoredHeads } from './stored-heads.ts';

/**
 * Writes stored patterns as a data folder of pattern-lens, which its own viewer opens.
 *
 * @returns the jobs that were written, and by how much any value may differ from what was computed
 */
export async function exportNpz(
  jobs: readonly Job[],
  out: string,
  store: Store,
  context: StageContext & { readonly files: Files },
  options: DeriveOptions,
): Promise<{ written: number; maxError: number }> {
  const { files } = context;
  const configs: string[] = [];
  let [written, maxError] = [0, 0];
  for (const [model, ofModel] of Map.groupBy(jobs, (job) => job.model)) {
    const folder = join(out, model.source.id);
    const rows: string[] = [];
    await exportJobs(ofModel, model.source.name, context, async (job) => {
      const keys = { activations: job.activationsKey, pack: derivedKeys(job, options).pack };
      const heads = await openStoredHeads(store, keys);
      maxError = Math.max(maxError, heads.maxError);
      const own = join(folder, 'prompts', job.prompt.id);
      await writeNpz(files, join(own, 'activations.npz'), arraysOf(heads));
      const row = JSON.stringify(lensPrompt(job, heads.maxError));
      await files.write(join(own, 'prompt.json'), row);
      rows.push(row);
    });
    const [first] = ofModel;
    if (first === undefined || rows.length === 0) continue;
    written += rows.length;
    const config = JSON.stringify(lensConfig(model, first));
    await files.write(join(folder, 'model_cfg.json'), config);
    await files.write(join(folder, 'prompts.jsonl'), lines(rows));
    configs.push(config);
  }
  if (written === 0) return { written, maxError };
  await files.write(join(out, 'models.jsonl'), lines(configs));
  const figures = join(out, 'figures.jsonl'); // pattern-lens adds its own, and keeps what is there
  if ((await files.length(figures)) === undefined) await files.write(figures, '');
  return { written, maxError };
}

function arraysOf(stored: StoredHeads): StreamedArray[] {
  return stored.pack.header.stacks.flatMap(({ stack, layout, heads, layers }) => {
    const { rows, columns } = layoutSize(layout);
    return layers.map((layer) => ({
      name: patternMember(stack, layer),
      shape: [1, heads, rows, columns],
      async *parts() {
        for (let head = 0; head < heads; head++) yield (await stored.pattern(stack, layer, head)).values;
      },
    }));
  });
}

function lines(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}
