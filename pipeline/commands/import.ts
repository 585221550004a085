import { relative, resolve } from 'node:path';
import { atlasError, formatError, type AtlasError } from '../../src/schema/errors/index.ts';
import { withinLimits } from '../disk-budget.ts';
import { prepareImports } from '../import/prepare-imports.ts';
import { loadConfig, storeFolder, type ImportSource, type LoadedConfig } from '../load-config.ts';
import { readConfiguredPrompts } from '../prompts/read-configured-prompts.ts';
import { computeActivations } from '../stages/activations.ts';
import { headsOf, type Job } from '../stages/plan.ts';
import { whileRunning } from '../store/running.ts';
import { openStore } from '../store/store.ts';
import type { AddCommand, CommandContext } from './command.ts';

interface ImportOptions {
  readonly name?: string;
  readonly savePath?: string;
  readonly force: boolean;
}

export const addImport: AddCommand = (program, run) => {
  program
    .command('import')
    .description('check patterns that another program wrote as npz files, and put them into the store')
    .argument('<folder...>', 'data folders of pattern-lens, folders of their models, or folders of npz files')
    .option('--name <name>', "the model's name, where the folder holds one")
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .option('-f, --force', 'import what is stored already, too', false)
    .action((folders: string[], options: ImportOptions) =>
      run((context) => importFolders(folders, options, context)),
    );
};

async function importFolders(
  folders: readonly string[],
  options: ImportOptions,
  unlimited: CommandContext,
): Promise<0 | 1> {
  if (options.name !== undefined && folders.length > 1) {
    throw atlasError('usage', { reason: 'One --name cannot be given to several folders.' });
  }
  const loaded = await loadConfig(unlimited.options.config);
  const folder = options.savePath ?? storeFolder(loaded);
  const context = await withinLimits(unlimited, loaded, folder);
  const store = openStore(folder, context.files);
  const failures: AtlasError[] = [];
  const stageContext = { ...context, failures };
  const imports = folders.map((folder) => sourceOf(folder, options.name, loaded));
  const prompts = await readConfiguredPrompts(loaded, context);
  const { jobs } = await prepareImports({ ...loaded, imports }, prompts, store, stageContext);
  const stored = context.dryRun
    ? []
    : await whileRunning(store.folder, unlimited.files, () =>
        computeActivations(jobs, store, stageContext, { force: options.force }),
      );
  for (const failure of failures) context.reporter.warn(formatError(failure));

  const models = describe(jobs);
  const missing = imports.filter((source) => !isConfigured(source, loaded)).map(configLine);
  const value = { store: store.folder, models, failed: failures.length, configLines: missing };
  const verb = context.dryRun ? 'could be imported' : `are in ${store.folder}`;
  const lines = [
    ...models.map(
      ({ name, prompts: on, patterns }) => `${name}: ${patterns} patterns on ${on} prompts ${verb}`,
    ),
    ...(missing.length === 0
      ? ['The config names what was imported: `npm run build` shows it.']
      : [
          `To show it, add to \`models\` in ${context.options.config}:`,
          ...missing.map((line) => `  ${line}`),
        ]),
  ];
  context.result(value, lines.join('\n'));
  const isShort = failures.length > 0 && (!context.keepGoing || stored.length === 0);
  return isShort ? 1 : 0;
}

function sourceOf(folder: string, name: string | undefined, { root, imports }: LoadedConfig): ImportSource {
  const path = resolve(folder);
  const own = name ?? imports.find((each) => each.folder === path)?.name;
  const below = relative(root, path).replaceAll('\\', '/');
  const source = below.startsWith('../..') ? path : below;
  return { source, folder: path, ...(own !== undefined && { name: own }) };
}

function isConfigured({ folder, name }: ImportSource, { imports }: LoadedConfig): boolean {
  return imports.some((each) => each.folder === folder && each.name === name);
}

function configLine({ source, name }: ImportSource): string {
  return `{ import: ${quoted(source)}${name === undefined ? '' : `, name: ${quoted(name)}`} },`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/gu, String.raw`\$&`)}'`;
}

function describe(jobs: readonly Job[]) {
  return [...Map.groupBy(jobs, ({ model }) => model)].map(([model, ofModel]) => ({
    id: model.source.id,
    name: model.source.name,
    prompts: ofModel.length,
    patterns: ofModel.reduce((sum, job) => sum + headsOf(job).length, 0),
  }));
}
