import { join, resolve } from 'node:path';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import type { Verified } from '../keep/verified.ts';
import { siteFolder, verifySite } from '../keep/verify-site.ts';
import { isStore, verifyStore } from '../keep/verify-store.ts';
import { loadConfig, storeFolder } from '../load-config.ts';
import type { AddCommand, CommandContext } from './command.ts';

export const addVerify: AddCommand = (program, run) => {
  program
    .command('verify')
    .description('check every object of a store, or every data file of a built site, against its checksum')
    .argument(
      '[paths...]',
      "stores, built sites (dist), or public/generated; the config's store and what was built from it if left out",
    )
    .option('--repair', 'remove the damaged objects of a store: the next run makes them again', false)
    .action((paths: string[], options: { repair: boolean }) =>
      run((context) => verify(paths, options.repair, context)),
    );
};

async function verify(paths: readonly string[], repair: boolean, context: CommandContext): Promise<0 | 1> {
  const checked: Verified[] = [];
  const isMovable = (await assetsBaseOf(context)) !== undefined;
  for (const path of paths.length > 0 ? paths : await usualPaths(context)) {
    checked.push(await verifyPath(path, { repair: repair && !context.dryRun, isMovable }, context));
  }
  context.result({ checked }, checked.flatMap(describe).join('\n'));
  return checked.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

/** The config's, where there is a config: sites can be checked without one. */
async function assetsBaseOf({ options }: CommandContext): Promise<string | undefined> {
  try {
    return (await loadConfig(options.config)).config.assetsBase;
  } catch (error) {
    if (error instanceof AtlasError && error.code === 'config-missing') return undefined;
    throw error;
  }
}

async function verifyPath(
  path: string,
  { repair, isMovable }: { readonly repair: boolean; readonly isMovable: boolean },
  context: CommandContext,
): Promise<Verified> {
  const { files, signal, reporter } = context;
  const progress = (done: number, total: number) => {
    reporter.progress('verify', done, total);
  };
  const folder = resolve(path);
  if (await isStore(folder, files)) return verifyStore(folder, { files, repair, signal, progress });
  const site = await siteFolder(folder, files);
  if (site === undefined) throw atlasError('verify-nothing', { path });
  return verifySite(site, { files, signal, progress, isMovable });
}

/** The config's store, what the pipeline published and the site that was built, as far as they are there. */
async function usualPaths({ files, options }: CommandContext): Promise<string[]> {
  const loaded = await loadConfig(options.config);
  const { root } = loaded;
  const store = storeFolder(loaded);
  const sites = [join(root, 'public'), join(root, 'dist')];
  const found = await Promise.all(sites.map((site) => siteFolder(site, files)));
  const there = found.filter((site) => site !== undefined);
  return (await isStore(store, files)) || there.length === 0 ? [store, ...there] : there;
}

function describe({ kind, path, checked, elsewhere, wrong, extra }: Verified): string[] {
  const what = kind === 'store' ? 'objects of the store' : 'files of the site';
  const outcome = wrong.length === 0 ? 'all as they should be' : `${wrong.length} are wrong`;
  return [
    `${path}: ${checked} ${what}, ${outcome}`,
    ...(elsewhere === undefined ? [] : [`  ${elsewhere} more lie at assetsBase, and were not looked at`]),
    ...wrong.map((finding) => `  ${finding.path}: ${finding.problem}`),
    ...extra.map((file) => `  ${file}: extra, nothing speaks of it`),
  ];
}
