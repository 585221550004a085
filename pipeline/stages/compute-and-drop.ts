import { boundedTasks } from '../bounded-tasks.ts';
import type { Files } from '../store/files.ts';
import type { Store } from '../store/store.ts';
import { computeActivations, type ActivationOptions } from './activations.ts';
import { deriving, lacksDerived, type DeriveOptions } from './derive.ts';
import type { Job } from './plan.ts';
import type { StageContext } from './stage-context.ts';

/**
 * Computes the patterns of those jobs that something is still to be made of, makes it, and drops the patterns prompt by prompt:
 * at most a few prompts' lie in the store at once.
 *
 * @param jobs grouped by model, random tokens among them
 * @returns the jobs of which all is stored that is kept; the others are among the context's failures
 */
export async function computeAndDrop(
  jobs: readonly Job[],
  store: Store,
  context: StageContext & { readonly files: Files },
  options: DeriveOptions & Pick<ActivationOptions, 'askers'>,
): Promise<Job[]> {
  return deriving(jobs, store, context, options, async (deriveJob, atOnce) => {
    const tasks = boundedTasks(atOnce);
    try {
      return await computeActivations(jobs, store, context, {
        force: false,
        askers: options.askers ?? [],
        isNeeded: (job) => lacksDerived(job, store, options),
        use: (job) =>
          tasks.begin(async () => {
            await deriveJob(job);
            await store.remove('activations', job.activationsKey);
          }),
      });
    } finally {
      await tasks.end();
    }
  });
}
