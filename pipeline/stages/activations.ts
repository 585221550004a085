import { encodePack } from '../../src/core/pack/encode-pack.ts';
import { storeImported } from '../import/store-imported.ts';
import { openPatternSession, type PatternSession } from '../runtime/pattern-session.ts';
import { storeCompressor } from '../store/compressor.ts';
import type { Store } from '../store/store.ts';
import type { CheckpointModel, ComputedJob, Job } from './plan.ts';
import { beginStage, promptError, type StageContext } from './stage-context.ts';

export interface ActivationOptions {
  /** Computes what is stored already, too. */
  readonly force: boolean;
  readonly device: string;
}

/**
 * Computes (or reads, of imported ones) the patterns of every job that the store lacks, and stores them at full precision.
 *
 * @param jobs grouped by model: one session is open at a time
 * @returns the jobs whose patterns are stored now; the others are among the context's failures
 */
export async function computeActivations(
  jobs: readonly Job[],
  store: Store,
  context: StageContext,
  { force, device }: ActivationOptions,
): Promise<Job[]> {
  const counter = beginStage(context, 'activations', jobs.length);
  const sessions = singleSession(device);
  const stored: Job[] = [];
  try {
    for (const job of jobs) {
      context.signal.throwIfAborted();
      if (!force && (await store.has('activations', job.activationsKey))) {
        counter.reused();
        stored.push(job);
        continue;
      }
      try {
        if ('npz' in job) await storeImported(job, store);
        else await computeOne(job, await sessions.of(job.model), store);
        counter.made();
        stored.push(job);
      } catch (error) {
        counter.failed(promptError(error, job.model.source.name, job.prompt.title));
      }
    }
  } finally {
    await sessions.close();
  }
  counter.end();
  return stored;
}

async function computeOne(job: ComputedJob, session: PatternSession, store: Store): Promise<void> {
  const { ids, tokens } = job.tokenized;
  const { patterns } = await session.run(ids);
  const stacks = job.stacks.map(({ stack, layout, heads }) => ({ stack, layout, heads, layers: patterns }));
  const pack = encodePack(
    { model: job.model.source.id, prompt: job.prompt.id, tokens, stacks },
    'exact',
    storeCompressor,
  );
  await store.write('activations', job.activationsKey, pack);
}

/** Opens a model's session when it is first asked for, and closes it when another model is. */
function singleSession(device: string) {
  let open: { readonly model: CheckpointModel; readonly session: PatternSession } | undefined;
  return {
    async of(model: CheckpointModel): Promise<PatternSession> {
      if (open?.model !== model) {
        await open?.session.close();
        open = undefined;
        open = { model, session: await openPatternSession(model.checkpoint, { device }) };
      }
      return open.session;
    },
    async close() {
      await open?.session.close();
    },
  };
}
