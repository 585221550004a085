import type { LoadedConfig } from '../load-config.ts';
import type { Job } from '../stages/plan.ts';
import { STAGES, type StageName, type Store } from '../store/store.ts';
import { missingObjects, type MissingObject } from './missing-objects.ts';
import { wantedObjects, type WantedObject } from './wanted-objects.ts';

/** What a build would do in one stage. */
export interface PlannedStage {
  readonly stage: Exclude<StageName, 'inputs'>;
  readonly made: number;
  readonly reused: number;
  /** Of those that would be made: how many, of which model, and why. */
  readonly reasons: readonly { readonly model: string; readonly reason: string; readonly count: number }[];
}

/**
 * What a build of the config would make, stage by stage; nothing is written.
 *
 * @param isAsked leaves out objects that the run is not asked for
 */
export async function planRun(
  loaded: LoadedConfig,
  jobs: readonly Job[],
  store: Store,
  isAsked: (object: WantedObject) => boolean = () => true,
): Promise<PlannedStage[]> {
  const wanted = (await wantedObjects(loaded, jobs)).filter(isAsked);
  return planStages(wanted, await missingObjects(loaded, jobs, wanted, store));
}

/** What is missing, and what is there, stage by stage. */
export function planStages(
  wanted: readonly WantedObject[],
  missing: readonly MissingObject[],
): PlannedStage[] {
  return STAGES.filter((stage) => stage !== 'inputs').flatMap((stage) => {
    const keys = new Set(wanted.filter((object) => object.stage === stage).map(({ key }) => key));
    if (keys.size === 0) return [];
    const ofStage = missing.filter((object) => object.wanted.stage === stage);
    const made = new Set(ofStage.map((object) => object.wanted.key)).size;
    return { stage, made, reused: keys.size - made, reasons: countReasons(ofStage) };
  });
}

function countReasons(missing: readonly MissingObject[]): PlannedStage['reasons'] {
  const groups = Map.groupBy(missing, ({ wanted, reason }) => `${wanted.model ?? ''}\n${reason}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ model: first.wanted.model ?? '', reason: first.reason, count: group.length }];
  });
}

/** The names of stages as runs report them. */
export function stageTitle(stage: StageName): string {
  return stage === 'measures' ? 'metrics' : stage;
}

/** A plan as lines for a person. */
export function describePlan(plan: readonly PlannedStage[]): string[] {
  return plan.flatMap(({ stage, made, reused, reasons }) => [
    `${stageTitle(stage).padEnd(12)} would make ${made}, reuse ${reused}`,
    ...reasons.map(({ model, reason, count }) => `  ${String(count).padStart(10)}  ${model}: ${reason}`),
  ]);
}
