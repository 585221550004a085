import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { atlasError } from '../src/schema/errors/index.ts';
import { checkModelNames } from '../src/schema/names.ts';
import type { LoadedConfig, ModelSource } from './load-config.ts';

/**
 * The models that a person names: by their name in the config, or by their folder.
 *
 * @throws AtlasError `unknown-model`, `model-name-refused`
 */
export async function selectModels(
  names: readonly string[],
  { models }: LoadedConfig,
): Promise<ModelSource[]> {
  const selected = await Promise.all(
    names.map(
      async (name) =>
        models.find((model) => model.name === name || model.id === name) ?? folderModel(name, models),
    ),
  );
  checkModelNames(selected.map((model) => model.name));
  return selected;
}

async function folderModel(path: string, models: readonly ModelSource[]): Promise<ModelSource> {
  const config = await stat(join(path, 'config.json')).catch(() => undefined);
  if (config === undefined)
    throw atlasError('unknown-model', { name: path, known: models.map(({ name }) => name) });
  const folder = resolve(path);
  const configured = models.find((model) => model.folder === folder);
  if (configured !== undefined) return configured;
  const name = basename(folder);
  return { id: checkModelNames([name])[0] ?? name, name, source: path, folder, prependBos: 'auto' };
}
