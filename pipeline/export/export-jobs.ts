import { AtlasError } from '../../src/schema/errors/index.ts';
import type { Job } from '../stages/plan.ts';
import { beginStage, type StageContext } from '../stages/stage-context.ts';

/** What one prompt on one model can lack; the others go on. */
const OF_ONE: ReadonlySet<string> = new Set(['export-not-stored', 'store-damaged', 'pack-invalid']);

/** Exports job by job; those that the store does not hold whole are among the context's failures. */
export async function exportJobs(
  jobs: readonly Job[],
  stage: string,
  context: StageContext,
  write: (job: Job) => Promise<void>,
): Promise<void> {
  const counter = beginStage(context, stage, jobs.length);
  for (const job of jobs) {
    context.signal.throwIfAborted();
    try {
      await write(job);
      counter.made();
    } catch (error) {
      if (!(error instanceof AtlasError) || !OF_ONE.has(error.code)) throw error;
      const place = { ...error.place, model: job.model.source.name, prompt: job.prompt.title };
      counter.failed(new AtlasError(error.code, error.explanation, place, error.cause));
    }
  }
  counter.end();
}
