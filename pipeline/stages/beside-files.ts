import type { Figure } from '../../src/core/figures/figure.ts';
import { assets } from '../../src/schema/urls.ts';
import { extraKey, EXTRAS, asksFor, extrasOf } from './extras.ts';
import { asksForMean, meanPatterns } from './mean-patterns.ts';
import type { Job } from './plan.ts';
import type { Publication } from './publish.ts';

const PATHS = {
  tokenLoss: assets.tokenLoss,
  valueNorms: assets.valueNorms,
  scores: assets.scores,
  logitEffects: assets.logitEffects,
  text: assets.promptText,
} as const;

/**
 * The files of what `figures` look at beside the packs of `jobs` (all of the atlas), as the store holds it; a page fetches one when such a
 * figure is chosen. Where there is no model to ask the file is empty, and the page says that the figure is not available.
 *
 * @param below the path of an asset as a publication names it
 */
export function besideFiles(
  jobs: readonly Job[],
  figures: readonly Figure[],
  below: (asset: string) => string,
): Publication[] {
  const ofPages = figures.filter((figure) => figure.scope === 'pattern');
  const asked = EXTRAS.filter((extra) => ofPages.some((figure) => asksFor(figure, extra)));
  const means = asksForMean(ofPages) ? [...Map.groupBy(jobs, ({ model }) => model.source.id)] : [];
  const ofHeads = means.flatMap(([model, ofModel]) =>
    meanPatterns(ofModel).map(({ key, ...head }): Publication => {
      return { path: below(assets.meanPattern({ model, ...head })), stage: 'mean-patterns', key };
    }),
  );
  const ofPrompts = jobs.flatMap((job) => {
    const kept = extrasOf(job, ofPages);
    return asked.map((extra): Publication => {
      const path = below(PATHS[extra](job.model.source.id, job.prompt.id));
      return kept.includes(extra) ? { path, stage: 'extras', key: extraKey(job, extra) } : { path, text: '' };
    });
  });
  return [...ofPrompts, ...ofHeads];
}
