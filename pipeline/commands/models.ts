import { architectures } from '../../src/engine/architectures/index.ts';
import { namedModels } from '../../src/engine/model-names/resolve-model-name.ts';
import { AtlasError } from '../../src/schema/errors/index.ts';
import type { HubAddress } from '../../src/schema/hub-address.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { findSnapshot } from '../hub/hub-cache.ts';
import { readHubSettings } from '../hub/hub-settings.ts';
import { loadConfig, type ConfiguredModel } from '../load-config.ts';
import type { AddCommand } from './command.ts';

export const addModels: AddCommand = (program, run) => {
  program
    .command('models')
    .description('the model families and names that can be run, and the models of the config')
    .action(() =>
      run(async (context) => {
        const { models } = await loadConfig(context.options.config);
        const families = architectures.map(({ name, modelTypes }) => ({ name, modelTypes }));
        const atHand = await Promise.all(models.map(look));
        const names = await Promise.all(
          namedModels.map(async (model) => ({
            ...model,
            available: (await cachedFolder(model)) !== undefined,
          })),
        );
        const lines = [
          'Families (model_type of config.json):',
          ...families.map(({ name, modelTypes }) => `  ${name.padEnd(24)} ${modelTypes.join(', ')}`),
          '',
          'Names (of repositories on the hub; OWNER/NAME works for any other):',
          ...names.map(
            (model) =>
              `  ${model.available ? 'at hand ' : '        '} ${model.repository.padEnd(46)} ${model.names.join(', ')}`,
          ),
          '',
          'Models of the config:',
          ...atHand.map(
            ({ name, available, detail }) =>
              `  ${available ? 'at hand ' : 'missing '} ${name.padEnd(24)} ${detail}`,
          ),
        ];
        context.result({ families, names, models: atHand }, lines.join('\n'));
        return 0;
      }),
    );
};

async function look({ name, place, source }: ConfiguredModel) {
  try {
    const folder = 'folder' in place ? place.folder : await cachedFolder(place.hub);
    if (folder === undefined) return { name, source, available: false, detail: 'on the hub, not downloaded' };
    const { description, dtype, parameters } = await openCheckpoint(folder);
    const detail = `${description.family}, ${parameters.toLocaleString('en')} parameters, ${dtype}`;
    return { name, source, available: true, detail };
  } catch (error) {
    if (error instanceof AtlasError) return { name, source, available: false, detail: error.message };
    throw error;
  }
}

async function cachedFolder(hub: HubAddress): Promise<string | undefined> {
  const { cache } = await readHubSettings(process.env);
  const snapshot = await findSnapshot(cache, hub);
  return snapshot?.canRun === true ? snapshot.folder : undefined;
}
