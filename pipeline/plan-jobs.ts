import { bringToHand } from './hub/bring-to-hand.ts';
import { prepareImports } from './import/prepare-imports.ts';
import type { LoadedConfig } from './load-config.ts';
import type { Prompt } from './prompts/prompt.ts';
import { readConfiguredPrompts } from './prompts/read-configured-prompts.ts';
import type { RunContext } from './run-context.ts';
import { configuredDevice } from './runtime/choose-device.ts';
import type { Job } from './stages/plan.ts';
import { prepareModel } from './stages/prepare.ts';
import type { StageContext } from './stages/stage-context.ts';
import type { Store } from './store/store.ts';

/** Everything that a config asks for, and its names in the store. */
export interface PlannedJobs {
  readonly jobs: readonly Job[];
  readonly prompts: readonly Prompt[];
  /** Of the config, and of imported folders. */
  readonly sets: readonly { readonly name: string; readonly title: string; readonly description: string }[];
}

/**
 * Reads the prompts, models and imported folders of a config; computes nothing.
 *
 * @throws AtlasError of any of them; prompts that are too long to be read, and imported ones that cannot be
 *   used, are among the context's failures
 */
export async function planJobs(
  loaded: LoadedConfig,
  store: Store,
  context: RunContext & StageContext,
): Promise<PlannedJobs> {
  const configured = await readConfiguredPrompts(loaded, context);
  const device = await configuredDevice(loaded, context);
  const jobs: Job[] = [];
  for (const source of loaded.models) {
    const model = await bringToHand(source, context);
    jobs.push(...(await prepareModel(model, configured, device, context.failures)));
  }
  const imported = await prepareImports(loaded, configured, store, context);
  return {
    jobs: [...jobs, ...imported.jobs],
    prompts: imported.prompts,
    sets: [...loaded.sets, ...imported.sets],
  };
}
