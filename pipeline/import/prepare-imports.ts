import { basename } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import { checkModelNames } from '../../src/schema/names.ts';
import type { ImportSource, LoadedConfig, ModelName, PromptSetSource } from '../load-config.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RunContext } from '../run-context.ts';
import type { ImportedJob } from '../stages/plan.ts';
import type { StageContext } from '../stages/stage-context.ts';
import type { Store } from '../store/store.ts';
import { findModels, type ImportFolder } from './find-models.ts';
import { prepareImport } from './prepare-import.ts';

/** How a set of prompts is called and described. */
type PromptSet = Pick<PromptSetSource, 'name' | 'title' | 'description'>;

interface PreparedImports {
  readonly jobs: readonly ImportedJob[];
  /** Those that were given, then those that only imported models know. */
  readonly prompts: readonly Prompt[];
  /** Of the new prompts: one a source. */
  readonly sets: readonly PromptSet[];
}

/**
 * Reads every folder that the config imports, and names the outputs. A prompt that is in the atlas already keeps its
 * set and title.
 *
 * @throws AtlasError of a folder or name; those of single prompts are among the context's failures
 */
export async function prepareImports(
  { models, imports, sets }: Pick<LoadedConfig, 'models' | 'imports' | 'sets'>,
  prompts: readonly Prompt[],
  store: Store,
  context: StageContext & Pick<RunContext, 'files' | 'dryRun'>,
): Promise<PreparedImports> {
  const taken = new Set(sets.map(({ name }) => name));
  const bySource: { readonly set: PromptSet; readonly folders: readonly NamedFolder[] }[] = [];
  for (const source of imports) {
    const set = promptSetOf(source, taken);
    taken.add(set.name);
    bySource.push({ set, folders: await namedFolders(source) });
  }
  const names = [
    ...models.map(({ name }) => name),
    ...bySource.flatMap(({ folders }) => folders.map(nameOf)),
  ];
  const ids = checkModelNames(names).slice(models.length);
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const jobs: ImportedJob[] = [];
  for (const { set, folders } of bySource) {
    for (const { folder, name, source } of folders) {
      const model: ModelName = { id: ids.shift() ?? '', name, source };
      jobs.push(...(await prepareImport(folder, model, set.name, byId, store, context)));
    }
  }
  return { jobs, prompts: [...byId.values()], sets: bySource.map(({ set }) => set) };
}

interface NamedFolder {
  readonly folder: ImportFolder;
  readonly name: string;
  readonly source: string;
}

function nameOf({ name }: NamedFolder): string {
  return name;
}

async function namedFolders({ folder, source, name }: ImportSource): Promise<NamedFolder[]> {
  const found = await findModels(folder);
  if (name !== undefined && found.length > 1) {
    throw atlasError('import-name-unclear', { models: found.map((each) => each.name) }, { file: source });
  }
  return found.map((each) => ({ folder: each, name: name ?? each.name, source }));
}

/** A set called after the folder, with a number behind it where that name is taken. */
function promptSetOf({ folder, source }: ImportSource, taken: ReadonlySet<string>): PromptSet {
  const own = basename(folder);
  const plain =
    own
      .toLowerCase()
      .replace(/[^a-z0-9]+/gu, '-')
      .replace(/^-|-$/gu, '') || 'imported';
  let name = plain;
  for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`;
  return { name, title: own, description: `Prompts that came with the patterns in ${source}.` };
}
