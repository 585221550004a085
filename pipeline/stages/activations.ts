import { checkIds } from '../../src/engine/check-ids.ts';
import { formatBytes } from '../../src/core/format-bytes.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { boundedTasks } from '../bounded-tasks.ts';
import { machineMemory, patternBytes, wayToCompute, type WayToCompute } from '../memory.ts';
import { storeImported } from '../import/store-imported.ts';
import { openPatternSession, type PatternSession } from '../runtime/pattern-session.ts';
import type { Files } from '../store/files.ts';
import { openPackThread } from '../store/pack-thread.ts';
import { recordPlatform } from '../store/platforms.ts';
import type { Store } from '../store/store.ts';
import { engineNames, extraKey, extrasOf, storeExtra, storeText, type Asker, type Extra } from './extras.ts';
import { patternInputs, storeInputs } from './pattern-inputs.ts';
import type { CheckpointModel, ComputedJob, Job } from './plan.ts';
import { beginStage, promptError, type StageContext } from './stage-context.ts';
import { storePatterns, storeRun } from './store-patterns.ts';

/** Bytes of computed patterns that wait to be packed and written, at most: those of a dozen prompts at gpt2's shape. */
const MOST_ASIDE = 64e6;

export interface ActivationOptions {
  /** Computes what is stored already, too. */
  readonly force: boolean;
  /** Metrics and figures: what they look at beside patterns is kept, too; none if left out. */
  readonly askers?: readonly Asker[];
  /** Whether the patterns of a job that the store lacks are needed; they are if left out. */
  readonly isNeeded?: (job: Job) => Promise<boolean>;
  /** Is awaited when all of a job is stored that is needed. */
  readonly use?: (job: Job) => Promise<void>;
}

/**
 * Computes (or reads, of imported ones) the patterns of every job that the store lacks, and what metrics and figures
 * look at beside them, from the same run, and stores them at full precision.
 *
 * @param jobs grouped by model: one session is open at a time
 * @returns the jobs of which all is stored now; the others are among the context's failures
 */
export async function computeActivations(
  jobs: readonly Job[],
  store: Store,
  context: StageContext & { readonly files: Files },
  { force, askers = [], isNeeded, use }: ActivationOptions,
): Promise<Job[]> {
  const counter = beginStage(context, 'activations', jobs.length);
  const extrasInAll = jobs.reduce((sum, job) => sum + extrasOf(job, askers).length, 0);
  const extras = beginStage(context, 'extras', extrasInAll);
  const sessions = singleSession();
  const thread = openPackThread();
  const tasks = boundedTasks(MOST_ASIDE);
  let recorded: Promise<void> | undefined;
  const stored = new Set<Job>();
  for (const model of new Set(jobs.flatMap((job) => ('npz' in job ? [] : [job.model])))) {
    await storeInputs(patternInputs(model), store);
  }
  try {
    for (const job of jobs) {
      context.signal.throwIfAborted();
      const isStored =
        !force && ((await store.has('activations', job.activationsKey)) || (await isNeeded?.(job)) === false);
      const wanted = extrasOf(job, askers);
      const missing = force ? wanted : await missingExtras(job, wanted, store);
      const computed = missing.filter((extra) => extra !== 'text');
      const isMissing = { patterns: !isStored, scoresKey: scoresKeyOf(job, computed) };
      const finish = async (run?: PatternRun) => {
        for (const extra of run ? computed : []) {
          if (run && extra !== 'scores') await storeExtra(job, extra, run, store);
        }
        if (missing.includes('text')) await storeText(job, store);
        counter[isStored ? 'reused' : 'made']();
        for (const extra of wanted) extras[missing.includes(extra) ? 'made' : 'reused']();
        stored.add(job);
        await use?.(job);
      };
      try {
        if ('npz' in job) {
          if (!isStored) await storeImported(job, store);
          await finish();
        } else if (isStored && computed.length === 0) {
          await finish();
        } else {
          await (recorded ??= recordPlatform(store.folder, context.files));
          const way = withinMemory(job, wanted, context.memory);
          const session = await sessions.of(job.model, wanted, way);
          if (isAside(way, context.memory)) {
            const run = await session.run(job.tokenized.ids);
            await tasks.begin(async () => {
              await storeRun(job, run, thread, store, isMissing);
              await finish(run);
            }, patternBytes(job));
          } else {
            await tasks.end();
            await finish(await storePatterns(job, session, store, isMissing));
          }
        }
      } catch (error) {
        counter.failed(promptError(error, job.model.source.name, job.prompt.title));
      }
    }
    await tasks.end();
  } finally {
    await tasks.settled();
    await Promise.all([sessions.close(), thread.close()]);
  }
  counter.end();
  if (extrasInAll > 0) extras.end();
  return jobs.filter((job) => stored.has(job));
}

function scoresKeyOf(job: Job, computed: readonly Extra[]): string | undefined {
  return computed.includes('scores') ? extraKey(job, 'scores') : undefined;
}

/** Whether a run's patterns are packed and written while the next prompt is computed, rather than as they come. */
function isAside({ layersAtOnce, bytes }: WayToCompute, memory = machineMemory()): boolean {
  return layersAtOnce === undefined && bytes + MOST_ASIDE <= memory;
}

/**
 * Before a session is opened: a prompt that is far too long fails at once.
 *
 * @throws AtlasError of `checkIds`; `prompt-over-memory`
 */
function withinMemory(job: ComputedJob, wanted: readonly Extra[], memory: number | undefined): WayToCompute {
  checkIds(job.tokenized.ids, job.model.checkpoint.description);
  const allowed = memory ?? machineMemory();
  const needs = {
    hasLoss: wanted.includes('tokenLoss'),
    hasScores: wanted.includes('scores'),
    hasEffects: wanted.includes('logitEffects'),
  };
  const way = wayToCompute(job, needs, allowed);
  if (way.bytes <= allowed) return way;
  throw atlasError('prompt-over-memory', {
    needed: formatBytes(way.bytes),
    allowed: formatBytes(allowed),
    isMachine: memory === undefined,
  });
}

async function missingExtras(job: Job, extras: readonly Extra[], store: Store): Promise<Extra[]> {
  const present = await Promise.all(extras.map((extra) => store.has('extras', extraKey(job, extra))));
  return extras.filter((_, at) => present[at] === false);
}

/** Opens a model's session when it, or other extras or another way of it, is first asked for, and closes the one before. */
function singleSession() {
  let open:
    { readonly model: CheckpointModel; readonly kind: string; readonly session: PatternSession } | undefined;
  return {
    async of(
      model: CheckpointModel,
      wanted: readonly Extra[],
      { layersAtOnce }: WayToCompute,
    ): Promise<PatternSession> {
      const options = {
        device: model.device,
        extras: engineNames(wanted),
        ...(layersAtOnce && { layersAtOnce }),
      };
      const kind = JSON.stringify(options);
      if (open?.model !== model || open.kind !== kind) {
        await open?.session.close();
        open = undefined;
        open = { model, kind, session: await openPatternSession(model.checkpoint, options) };
      }
      return open.session;
    },
    async close() {
      await open?.session.close();
    },
  };
}
