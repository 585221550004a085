import { scanKey } from '../import/read-entry.ts';
import { figuresOf, metricsOf, type LoadedConfig } from '../load-config.ts';
import { measuresKey, packKey, thumbnailsKey } from '../stages/derive.ts';
import { extraKey, extrasOf, type Extra } from '../stages/extras.ts';
import { figureInputs, type FigureImage } from '../stages/figure-images.ts';
import { headFiguresAmong } from '../stages/head-drawings.ts';
import { headMeansKey } from '../stages/head-means.ts';
import { liveModels } from '../stages/live-models.ts';
import { asksForMean, meanPatterns } from '../stages/mean-patterns.ts';
import { inputsKey, patternInputs } from '../stages/pattern-inputs.ts';
import { imagesOf, probesOf } from '../stages/plan-outputs.ts';
import type { Job } from '../stages/plan.ts';
import { sketchesKey } from '../stages/sketches.ts';
import type { StageName } from '../store/store.ts';

/** An object that a config refers to. */
export type WantedObject = {
  readonly key: string;
  /** Its model's sanitised name; none of what all models share. */
  readonly model?: string;
} & (
  | { readonly stage: 'inputs' }
  | {
      readonly stage: Exclude<StageName, 'inputs' | 'extras' | 'mean-patterns' | 'figures' | 'head-means'>;
      readonly job: Job;
    }
  | { readonly stage: 'extras'; readonly job: Job; readonly extra: Extra }
  | { readonly stage: 'figures'; readonly image: FigureImage; readonly jobs: readonly Job[] }
  | { readonly stage: 'mean-patterns' | 'head-means'; readonly jobs: readonly Job[] }
);

/**
 * Every object that a build of the config reads or makes.
 *
 * @param jobs as `planJobs` gives them, or some of them: sheets and head means are made of all prompts together
 * @throws AtlasError `model-not-live`
 */
export async function wantedObjects(loaded: LoadedConfig, jobs: readonly Job[]): Promise<WantedObject[]> {
  const { config } = loaded;
  const metrics = metricsOf(loaded);
  const figures = figuresOf(loaded);
  const askers = [...metrics, ...figures];
  const probes = probesOf(jobs, metrics);
  const ofJobs = [...jobs, ...probes].flatMap((job): WantedObject[] => {
    const model = job.model.source.id;
    const extras = extrasOf(job, askers).map((extra): WantedObject => {
      return { stage: 'extras', key: extraKey(job, extra), model, job, extra };
    });
    return [
      ...('npz' in job ? [{ stage: 'imports' as const, key: scanKey(job.npz.sha256), model, job }] : []),
      { stage: 'activations', key: job.activationsKey, model, job },
      ...extras,
      { stage: 'measures', key: measuresKey(job), model, job },
    ];
  });
  const shown = jobs.flatMap((job): WantedObject[] => {
    const model = job.model.source.id;
    return [
      { stage: 'packs', key: packKey(job, config.packs.precision), model, job },
      { stage: 'thumbnails', key: thumbnailsKey(job), model, job },
      { stage: 'sketches', key: sketchesKey(job), model, job },
    ];
  });
  const ofModels: WantedObject[] = [];
  const byModel = Map.groupBy(jobs, (job) => job.model);
  for (const [model, own] of byModel) {
    const id = model.source.id;
    if (model.kind === 'checkpoint') {
      ofModels.push({ stage: 'inputs', key: inputsKey(patternInputs(model)), model: id });
    }
    for (const { key } of asksForMean(figures) ? meanPatterns(own) : []) {
      ofModels.push({ stage: 'mean-patterns', key, model: id, jobs: own });
    }
    for (const image of imagesOf(own, headFiguresAmong(figures, loaded.own))) {
      ofModels.push({ stage: 'figures', key: image.key, model: id, image, jobs: shownIn(image, own) });
    }
  }
  for (const model of (await liveModels([...byModel.keys()], config.live.maxBytes)).keys()) {
    const own = byModel.get(model) ?? [];
    ofModels.push({ stage: 'head-means', key: headMeansKey(own), model: model.source.id, jobs: own });
  }
  return [{ stage: 'inputs', key: inputsKey(figureInputs()) }, ...ofJobs, ...shown, ...ofModels];
}

function shownIn(image: FigureImage, jobs: readonly Job[]): readonly Job[] {
  return image.kind === 'plate' ? jobs.filter((job) => job === image.source) : jobs;
}
