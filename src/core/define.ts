import type { Figure, FigureOutput, HeadFigure, PatternFigure } from './figures/figure.ts';
import type { MetricInput, ModelInput, PatternInput } from './inputs.ts';
import type { HeadMetric, Metric, ModelMetric, PatternMetric } from './metrics/metric.ts';

export type { Pattern } from './pattern.ts';
export type {
  ColourScale,
  Figure,
  FigureOutput,
  HeadFigure,
  ImageOutput,
  MatrixOutput,
  PatternFigure,
  SvgOutput,
} from './figures/figure.ts';
export type { MetricInput, ModelInput, PatternInput, PatternInputs, Source } from './inputs.ts';
export type { HeadMetric, Metric, ModelMetric, Observation, PatternMetric } from './metrics/metric.ts';

/**
 * Types a figure of one's own: `draw` gets what `inputs` names. Returns it as it is; it is checked when it is loaded.
 *
 * A figure is a pure function, for it runs in the pipeline and in the page.
 */
export function defineFigure<const Name extends PatternInput, Kept = never>(
  figure: PatternFigure<Name> | HeadFigure<Name, FigureOutput, Kept>,
): Figure {
  return figure;
}

/** Types a metric of one's own, as `defineFigure` does a figure. */
export function defineMetric<const Name extends MetricInput, const OfModel extends ModelInput = ModelInput>(
  metric: PatternMetric<Name> | HeadMetric<Name> | ModelMetric<OfModel>,
): Metric {
  return metric;
}
export { singularValues } from './singular-values.ts';
