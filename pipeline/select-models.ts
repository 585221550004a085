import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { atlasError } from '../src/schema/errors/index.ts';
import { checkModelNames } from '../src/schema/names.ts';
import { hubAddressOf } from './hub/bring-to-hand.ts';
import type { ConfiguredModel, LoadedConfig } from './load-config.ts';

/**
 * The models that a person names: by their name in the config, by their folder, or by their name on the hub or in
 * TransformerLens. A folder goes before a model of the hub that is called like it.
 *
 * @throws AtlasError `unknown-model`, `model-name-refused`
 */
export async function selectModels(
  names: readonly string[],
  { models }: LoadedConfig,
): Promise<ConfiguredModel[]> {
  const selected = await Promise.all(
    names.map(
      async (name) =>
        models.find((model) => model.name === name || model.id === name) ?? (await namedModel(name, models)),
    ),
  );
  checkModelNames(selected.map((model) => model.name));
  return selected;
}

async function namedModel(given: string, models: readonly ConfiguredModel[]): Promise<ConfiguredModel> {
  const config = await stat(join(given, 'config.json')).catch(() => undefined);
  const hub = config === undefined ? await hubAddressOf(given) : undefined;
  if (config === undefined && hub === undefined)
    throw atlasError('unknown-model', { name: given, known: models.map(({ name }) => name) });
  const folder = resolve(given);
  const configured = models.find(({ place }) => 'folder' in place && place.folder === folder);
  if (configured !== undefined) return configured;
  const name = hub === undefined ? basename(folder) : given;
  const place = hub === undefined ? { folder } : { hub };
  return { id: checkModelNames([name])[0] ?? name, name, source: given, place, prependBos: 'auto' };
}
