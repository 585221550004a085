import { join, matchesGlob } from 'node:path';
import { figures as builtIn, selectFigures } from '../../src/core/figures/index.ts';
import { contactSheet } from '../../src/core/figures/contact-sheet.ts';
import type { Figure, HeadFigure } from '../../src/core/figures/figure.ts';
import { raw } from '../../src/core/figures/raw.ts';
import { atlasError, type AtlasError } from '../../src/schema/errors/index.ts';
import { withinLimits } from '../disk-budget.ts';
import { loadConfig, storeFolder, type LoadedConfig } from '../load-config.ts';
import { reportFailures } from '../report/report-failures.ts';
import type { RunContext } from '../run-context.ts';
import { drawThumbnails, thumbnailsKey } from '../stages/derive.ts';
import { drawFigures } from '../stages/draw-figures.ts';
import { drawnFigure, drawOfEachHead, type DrawnFigure } from '../stages/drawings.ts';
import { headFiguresAmong } from '../stages/head-drawings.ts';
import { figureImages, type ModelSources } from '../stages/figure-images.ts';
import { asksForMean, storeMeanPatterns } from '../stages/mean-patterns.ts';
import { headsOf, type PatternSource } from '../stages/plan.ts';
import { storedSources, type StoredSource } from '../stages/stored-sources.ts';
import { whileRunning } from '../store/running.ts';
import { openStore } from '../store/store.ts';
import type { AddCommand, CommandContext, GlobalOptions } from './command.ts';
import { commaList, wholeNumber } from './options.ts';

export interface FiguresOptions {
  readonly models?: string[];
  readonly savePath?: string;
  readonly nSamples?: number;
  readonly force: boolean;
  readonly figureFuncs?: string;
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
    .option(
      '--figure-funcs <names>',
      "`none`, names separated by commas, or a glob; if left out `raw`, `contact-sheet`, and those of the config's own files",
    )
    .option('--out <folder>', 'where the image files go', '.atlas/figures')
    .action((options: FiguresOptions) => run((context) => figures(options, context)));
};

async function figures(options: FiguresOptions, context: CommandContext): Promise<0 | 1> {
  const { images, failures } = await drawStored(options, context);
  reportFailures(failures, context.reporter);
  const value = {
    images,
    ...(context.dryRun ? {} : { out: options.out }),
    ...(failures.length > 0 && { failed: failures.length }),
  };
  context.result(
    value,
    context.dryRun ? `would draw ${images} images` : `${images} images are in ${options.out}`,
  );
  return failures.length > 0 && !context.keepGoing ? 1 : 0;
}

/**
 * Draws figures of stored patterns as files: `raw` and `contact-sheet` as plates and sheets of many patterns, each other
 * one of each head, on each prompt or over all of them.
 *
 * @param scripted figures that no file defines
 */
export async function drawStored(
  options: FiguresOptions,
  unlimited: RunContext & { readonly options: Pick<GlobalOptions, 'config'> },
  scripted: readonly Figure[] = [],
): Promise<{ readonly images: number; readonly failures: readonly AtlasError[] }> {
  const loaded = await loadConfig(unlimited.options.config);
  const folder = options.savePath ?? storeFolder(loaded);
  const context = await withinLimits(unlimited, loaded, folder);
  const named = chosenFigures(options.figureFuncs, loaded, scripted);
  const chosen = [...named, ...scripted.filter((figure) => !named.includes(figure))];
  const wanted = new Set(chosen.map((figure) => figure.name));
  const store = openStore(folder, context.files);
  const stored = await storedSources(store);
  const models = chosenModels(stored, options);
  const ofHeads = headFiguresAmong(chosen, loaded.own);
  const images = models
    .flatMap((model) => figureImages(model, ofHeads))
    .filter(({ figure }) => wanted.has(figure));
  const shared = new Set([raw.name, contactSheet.name]);
  const drawn = chosen.flatMap((figure) =>
    figure.scope === 'pattern' && !shared.has(figure.name) ? [drawnFigure(figure, loaded.own)] : [],
  );
  const sources = models.flatMap(({ entries }) => entries.map(({ source }) => source as StoredSource));
  if (context.dryRun) {
    const heads = sources.reduce((sum, source) => sum + headsOf(source).length, 0);
    return { images: images.length + heads * drawn.length, failures: [] };
  }
  const stageContext = { ...context, failures: [] as AtlasError[] };
  let shown = 0;
  const together = Map.groupBy(stored, ({ model }) => model);
  const saved = await whileRunning(store.folder, unlimited.files, async () => {
    const means = meansFor(models, together, { drawn, ofHeads });
    if (means.length > 0) await storeMeanPatterns(means, store, stageContext);
    if (images.length > 0) {
      const isOfThumbnails = images.some(({ kind }) => kind !== 'head');
      if (isOfThumbnails) await drawThumbnails(sources, store, stageContext, options);
      const keepsEmpty = false; // what a figure lacks may be in the store another time
      for (const image of await drawFigures(images, store, stageContext, { ...options, keepsEmpty })) {
        const content = await store.read('figures', image.key);
        if (content.length === 0) continue;
        const path = join(options.out, image.path.replace(/^\/generated\/figures\//u, ''));
        await context.files.write(path, content);
        shown++;
      }
    }
    const work = { store, context: stageContext, force: options.force };
    return drawOfEachHead(drawn, sources, together, work, (path, content) =>
      context.files.write(join(options.out, path), content),
    );
  });
  return { images: shown + saved, failures: stageContext.failures };
}

/** The patterns that the figures' means are over, by model: all that are stored, and of figures of heads those that are drawn. */
function meansFor(
  models: readonly ModelSources[],
  together: ReadonlyMap<string, readonly StoredSource[]>,
  {
    drawn,
    ofHeads,
  }: { readonly drawn: readonly DrawnFigure[]; readonly ofHeads: readonly DrawnFigure<HeadFigure>[] },
): (readonly PatternSource[])[] {
  const [ofOne, ofMany] = [drawn, ofHeads].map((some) => asksForMean(some.map(({ figure }) => figure)));
  return models.flatMap(({ model, entries }) => {
    const all = together.get(model) ?? [];
    const some = entries.map(({ source }) => source);
    const isSame = some.length === all.length;
    return [
      ...(ofOne === true ? [all] : []),
      ...(ofMany === true && !(ofOne === true && isSame) ? [some] : []),
    ];
  });
}

/** Those of `names`; where that is left out, what can be drawn of many patterns at once, and what the user wrote. */
function chosenFigures(
  names: string | undefined,
  { own }: LoadedConfig,
  scripted: readonly Figure[],
): readonly Figure[] {
  const users = [...own.figures.map(({ definition }) => definition), ...scripted];
  if (names === 'none') return [];
  if (names === undefined) return [raw, contactSheet, ...users];
  if (!/[*?[{]/u.test(names)) return selectFigures(commaList(names), users);
  const known = [...builtIn, ...users];
  const matching = known.filter((figure) => matchesGlob(figure.name, names));
  if (matching.length === 0)
    throw atlasError('unknown-figure', { name: names, known: known.map(({ name }) => name) });
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
