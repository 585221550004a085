import { join, matchesGlob, resolve } from 'node:path';
import { figures as builtIn, selectFigures } from '../../src/core/figures/index.ts';
import type { Figure } from '../../src/core/figures/figure.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { loadConfig } from '../load-config.ts';
import { drawThumbnails, thumbnailsKey } from '../stages/derive.ts';
import { drawFigures } from '../stages/draw-figures.ts';
import { figureImages, type ModelSources } from '../stages/figure-images.ts';
import { storedSources, type StoredSource } from '../stages/stored-sources.ts';
import { openStore } from '../store/store.ts';
import type { AddCommand, CommandContext } from './command.ts';
import { commaList, wholeNumber } from './options.ts';

interface FiguresOptions {
  readonly models?: string[];
  readonly savePath?: string;
  readonly nSamples?: number;
  readonly force: boolean;
  readonly figureFuncs: string;
  readonly out: string;
}

export const addFigures: AddCommand = (program, run) => {
  program
    .command('figures')
    .description('draw figures of stored patterns as image files')
    .option(
      '-m, --models <list>',
      'sanitised names of models, separated by commas; all if left out',
      commaList,
    )
    .option('-s, --save-path <folder>', "the store; the config's if left out")
    .option('-n, --n-samples <number>', 'only the first prompts of each model', wholeNumber('--n-samples', 1))
    .option('-f, --force', 'draw what is drawn already, too', false)
    .option('--figure-funcs <names>', '`none`, names separated by commas, or a glob', '*')
    .option('--out <folder>', 'where the image files go', '.atlas/figures')
    .action((options: FiguresOptions) => run((context) => figures(options, context)));
};

async function figures(options: FiguresOptions, context: CommandContext): Promise<0> {
  const wanted = new Set(chosenFigures(options.figureFuncs).map((figure) => figure.name));
  const loaded = await loadConfig(context.options.config);
  const store = openStore(options.savePath ?? resolve(loaded.root, loaded.config.store.path), context.files);
  const models = chosenModels(await storedSources(store), options);
  const images = models.flatMap(figureImages).filter(({ figure }) => wanted.has(figure));
  if (context.dryRun || images.length === 0) {
    context.result({ images: images.length, drawn: 0 }, `would draw ${images.length} images`);
    return 0;
  }
  const stageContext = { ...context, failures: [] };
  const sources = models.flatMap(({ entries }) => entries.map(({ source }) => source));
  await drawThumbnails(sources, store, stageContext, options);
  await drawFigures(images, store, stageContext, options);
  for (const image of images) {
    const path = join(options.out, image.path.replace(/^\/generated\/figures\//u, ''));
    await context.files.write(path, await store.read('figures', image.key));
  }
  context.result(
    { images: images.length, out: options.out },
    `${images.length} images are in ${options.out}`,
  );
  return 0;
}

function chosenFigures(names: string): Figure[] {
  if (names === 'none') return [];
  if (!/[*?[{]/u.test(names)) return selectFigures(commaList(names));
  const matching = builtIn.filter((figure) => matchesGlob(figure.name, names));
  if (matching.length === 0)
    throw atlasError('unknown-figure', { name: names, known: builtIn.map(({ name }) => name) });
  return matching;
}

function chosenModels(
  sources: readonly StoredSource[],
  { models, nSamples }: FiguresOptions,
): ModelSources[] {
  const byModel = Map.groupBy(sources, (source) => source.model);
  const names = models ?? [...byModel.keys()];
  return names.map((model) => {
    const stored = byModel.get(model);
    if (stored === undefined) throw atlasError('unknown-model', { name: model, known: [...byModel.keys()] });
    const entries = stored.slice(0, nSamples).map((source) => ({
      source,
      prompt: source.prompt,
      thumbnailsKey: thumbnailsKey(source),
    }));
    return { model, entries };
  });
}
