import type { AtlasRecord, HeadRecord, ModelRecord, PromptRecord } from '../schema/records.ts';
import { paths, type HeadAddress } from '../schema/urls.ts';
import { records } from './records-loader.ts';

/** The site's data, and the ways in which pages look things up in it. */
export interface AtlasData {
  readonly atlas: AtlasRecord;
  readonly models: readonly ModelRecord[];
  readonly heads: readonly HeadRecord[];
  readonly prompts: readonly PromptRecord[];
  /** @throws RangeError for a name that is not in the atlas */
  model(id: string): ModelRecord;
  prompt(id: string): PromptRecord;
  headsOf(model: string): readonly HeadRecord[];
  setTitle(name: string): string;
  /** Whether a model, layer or head has its page at this path: steps of one series may differ in shape. */
  hasPage(path: string): boolean;
}

let loaded: Promise<AtlasData> | undefined;

/** All records, read once a build. */
export function atlasData(): Promise<AtlasData> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<AtlasData> {
  const { atlas, models, heads, prompts } = await records();
  const modelById = new Map(models.map((model) => [model.id, model]));
  const promptById = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const headsByModel = Map.groupBy(heads, (head) => head.model);
  const titles = new Map(atlas.sets.map(({ name, title }) => [name, title]));
  const pages = new Set([
    ...models.map(({ id }) => paths.model(id)),
    ...heads.flatMap((head) => [
      paths.layer(head.model, head.stack, head.layer),
      paths.head(addressOf(head)),
    ]),
  ]);
  return {
    atlas,
    models,
    heads,
    prompts,
    model: (id) => found(modelById.get(id), id),
    prompt: (id) => found(promptById.get(id), id),
    headsOf: (model) => headsByModel.get(model) ?? [],
    setTitle: (name) => titles.get(name) ?? name,
    hasPage: (path) => pages.has(path),
  };
}

/** The address of a head's record. */
export function addressOf({ model, stack, layer, head }: HeadRecord): HeadAddress {
  return { model, stack, layer, head };
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new RangeError(`The atlas has no record "${id}"`);
  return value;
}
