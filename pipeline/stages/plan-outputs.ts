import type { HeadFigure } from '../../src/core/figures/figure.ts';
import type { Metric } from '../../src/core/metrics/metric.ts';
import { thumbnailsKey } from './derive.ts';
import type { DrawnFigure } from './drawings.ts';
import { figureImages, type FigureImage } from './figure-images.ts';
import type { FigureInputs } from './pattern-inputs.ts';
import type { ComputedJob, Job } from './plan.ts';
import { prepareProbes } from './prepare.ts';

/** The jobs on random tokens of the models that run here, if one of `metrics` looks at them. */
export function probesOf(jobs: readonly Job[], metrics: readonly Metric[]): ComputedJob[] {
  const isWanted = metrics.some(
    (metric) => metric.scope !== 'pattern' && metric.prompts === 'repeated-tokens',
  );
  if (!isWanted) return [];
  const computed = jobs.filter((job): job is ComputedJob => !('npz' in job));
  return [...Map.groupBy(computed, ({ model }) => model).values()].flatMap(prepareProbes);
}

/**
 * The images of every model of `jobs`.
 *
 * @param ofHeads figures that are drawn of all prompts of a head
 * @param inputs others than those of this run, to look up what an earlier one drew
 */
export function imagesOf(
  jobs: readonly Job[],
  ofHeads: readonly DrawnFigure<HeadFigure>[] = [],
  inputs?: FigureInputs,
): FigureImage[] {
  const byModel = Map.groupBy(jobs, (job) => job.model.source.id);
  return [...byModel].flatMap(([model, ofModel]) =>
    figureImages(
      {
        model,
        entries: ofModel.map((job) => ({
          source: job,
          prompt: job.prompt.id,
          thumbnailsKey: thumbnailsKey(job),
        })),
      },
      ofHeads,
      inputs,
    ),
  );
}
