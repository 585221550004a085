import {
  measureOver,
  type HeadMetric,
  type ModelMetric,
  type Observation,
} from '../../src/core/metrics/metric.ts';
import { measureName, type Measured, type Measures } from './measures.ts';

/** What was measured on the prompts of one model: those of the atlas, and the random tokens that were added. */
export interface MeasuredModel {
  readonly atlas: readonly Measures[];
  readonly probes: readonly Measures[];
}

/**
 * A metric over prompts for one head (its place in a pack), or for the model (0), and of how many prompts it is; null where it
 * is not defined.
 *
 * @param onError is told where the metric throws or breaks its own declaration, which gives null, too
 */
export function overPrompts(
  metric: HeadMetric | ModelMetric,
  { atlas, probes }: MeasuredModel,
  place: number,
  onError: (error: unknown) => void = () => undefined,
): { readonly value: number; readonly prompts: number } | null {
  const measured = metric.prompts === 'atlas' ? atlas : probes;
  const observations = measured.flatMap((ofPrompt) => observationAt(ofPrompt[measureName(metric)], place));
  const value = valueOver(metric, observations, onError);
  return value === null ? null : { value, prompts: observations.length };
}

function valueOver(
  metric: HeadMetric | ModelMetric,
  observations: readonly Observation[],
  onError: (error: unknown) => void,
): number | null {
  try {
    return measureOver(metric, observations);
  } catch (error) {
    onError(error);
    return null;
  }
}

function observationAt(measured: Measured | undefined, place: number): Observation[] {
  const entry = measured?.[place] ?? null;
  return entry === null || typeof entry === 'number' ? [] : [entry];
}
