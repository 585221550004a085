import { getCollection } from 'astro:content';
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
  const [order, modelEntries, headEntries, promptEntries] = await Promise.all([
    records(),
    getCollection('models'),
    getCollection('heads'),
    getCollection('prompts'),
  ]);
  const { atlas } = order;
  // Collections come sorted by id, records in the order of the config.
  const inOrder = <T extends { id: string }>(
    entries: readonly { data: T }[],
    wanted: readonly { id: string }[],
  ): T[] => {
    const byId = new Map(entries.map(({ data }) => [data.id, data]));
    return wanted.map(({ id }) => found(byId.get(id), id));
  };
  const models = inOrder(modelEntries, order.models);
  const heads = inOrder(headEntries, order.heads);
  const prompts = inOrder(promptEntries, order.prompts);
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
