import pMap from 'p-map';
import { figures } from '../../src/core/figures/index.ts';
import type { LoadedConfig } from '../load-config.ts';
import { packKey, thumbnailsKey } from '../stages/derive.ts';
import { drawingsKey, drawnFigure, type DrawnFigure } from '../stages/drawings.ts';
import { extraKey, EXTRAS } from '../stages/extras.ts';
import type { Job } from '../stages/plan.ts';
import { isProbeId } from '../stages/probe-prompts.ts';
import { sketchesKey } from '../stages/sketches.ts';
import { packHeaderOf } from '../stages/stored-sources.ts';
import { STAGES, type StageName, type Store } from '../store/store.ts';
import type { KeptStore } from './open-kept.ts';
import { wantedObjects } from './wanted-objects.ts';

/** An object as it lies in the store. */
export interface StoredObject {
  readonly stage: StageName;
  readonly key: string;
  /** On the disk. */
  readonly bytes: number;
  /** The sanitised name, where it is known. */
  readonly model?: string;
  /** Why the config does not refer to it; absent where it does. */
  readonly unreferenced?: string;
}

const AT_ONCE = 16;

/** Every object of the store, and whether the config refers to it. */
export async function storedObjects(kept: KeptStore): Promise<StoredObject[]> {
  const { store } = kept;
  const referred = await referredTo(kept);
  const why = await whyUnreferenced(kept, referred);
  const objects: StoredObject[] = [];
  for (const stage of STAGES) {
    const describe = async (key: string): Promise<StoredObject> => {
      const bytes = (await store.size(stage, key)) ?? 0;
      const known = referred.get(`${stage}/${key}`);
      if (known !== undefined) return { stage, key, bytes, ...known };
      return { stage, key, bytes, ...(why.get(`${stage}/${key}`) ?? { unreferenced: OTHERWISE }) };
    };
    const keys = await store.keys(stage);
    objects.push(...(await pMap(keys, describe, { concurrency: AT_ONCE })));
  }
  return objects;
}

/**
 * By stage and key, with their models. Of a run in which prompts failed, sheets and head means were made of the others:
 * what all stored prompts give together is referred to as well.
 */
async function referredTo({
  loaded,
  store,
  jobs,
  wanted,
}: KeptStore): Promise<Map<string, { model?: string }>> {
  const { precision } = loaded.config.packs;
  const isStored = async (job: Job) =>
    (await store.has('activations', job.activationsKey)) || store.has('packs', packKey(job, precision));
  const stored = await pMap(jobs, isStored, { concurrency: AT_ONCE });
  const ofStored = await wantedObjects(
    loaded,
    jobs.filter((_, at) => stored[at]),
  );
  const referred = new Map<string, { model?: string }>(
    [...wanted, ...ofStored].map(({ stage, key, model }) => [
      `${stage}/${key}`,
      model === undefined ? {} : { model },
    ]),
  );
  const others = new Set((await store.keys('figures')).filter((key) => !referred.has(`figures/${key}`)));
  if (others.size === 0) return referred;
  const together = Map.groupBy(jobs, ({ model }) => model);
  for (const drawn of configuredDrawings(loaded)) {
    for (const job of jobs) {
      const key = drawingsKey(drawn, job, together.get(job.model) ?? []);
      if (others.has(key)) referred.set(`figures/${key}`, { model: job.model.source.id });
    }
  }
  return referred;
}

/** Figures of single heads that the config names: `atlas figures` keeps its drawings of them. */
function configuredDrawings({ config, own }: LoadedConfig): DrawnFigure[] {
  const known = [...figures, ...own.figures.map(({ definition }) => definition)];
  return known.flatMap((figure) =>
    figure.scope === 'pattern' && config.figures.includes(figure.name) ? [drawnFigure(figure, own)] : [],
  );
}

const OTHERWISE = 'made from what the config no longer holds';

/** Of patterns that the config does not refer to, and of what only comes from them. */
async function whyUnreferenced(
  { store, jobs, wanted }: KeptStore,
  referred: ReadonlyMap<string, unknown>,
): Promise<Map<string, Pick<StoredObject, 'model' | 'unreferenced'>>> {
  const models = new Set(jobs.map(({ model }) => model.source.id));
  const pairs = new Set(
    wanted.flatMap((object) =>
      object.stage === 'activations' ? [`${object.job.model.source.id}/${object.job.prompt.id}`] : [],
    ),
  );
  const reasonOf = (model: string, prompt: string, stage: 'activations' | 'packs') => {
    if (!models.has(model)) return 'its model is not in the config';
    if (pairs.has(`${model}/${prompt}`)) {
      return stage === 'packs' ? 'replaced, or of another precision' : 'replaced: its inputs changed';
    }
    return isProbeId(prompt)
      ? 'random tokens that no metric asks for now'
      : 'its prompt is not in the config';
  };
  const why = new Map<string, Pick<StoredObject, 'model' | 'unreferenced'>>();
  for (const stage of ['activations', 'packs'] as const) {
    for (const key of await store.keys(stage)) {
      if (referred.has(`${stage}/${key}`)) continue;
      const header = await headerOf(store, stage, key);
      if (header === undefined) continue;
      const found = { model: header.model, unreferenced: reasonOf(header.model, header.prompt, stage) };
      why.set(`${stage}/${key}`, found);
      if (stage === 'packs') continue;
      const source = { activationsKey: key };
      why.set(`thumbnails/${thumbnailsKey(source)}`, found);
      why.set(`sketches/${sketchesKey(source)}`, found);
      for (const extra of EXTRAS) why.set(`extras/${extraKey(source, extra)}`, found);
    }
  }
  return why;
}

async function headerOf(store: Store, stage: 'activations' | 'packs', key: string) {
  return packHeaderOf(store, stage, key).catch(() => undefined); // damaged: `verify` tells
}
