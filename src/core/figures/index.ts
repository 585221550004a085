import { selectNamed } from '../select-named.ts';
import { contactSheet } from './contact-sheet.ts';
import { differenceFromMean } from './difference-from-mean.ts';
import { distanceProfile } from './distance-profile.ts';
import type { Figure } from './figure.ts';
import { flow } from './flow.ts';
import { gramMatrix } from './gram-matrix.ts';
import { lines } from './lines.ts';
import { logScale } from './log.ts';
import { ownFigures } from './own.ts';
import { positionalKernel } from './positional-kernel.ts';
import { positionalRest } from './positional-rest.ts';
import { raw } from './raw.ts';
import { receivedAttention } from './received-attention.ts';
import { rollout } from './rollout.ts';
import { scores } from './scores.ts';
import { singularSpectrum } from './singular-values.ts';
import { squareRoot } from './square-root.ts';
import { supportCurve } from './support-curve.ts';
import { tokenPairs } from './token-pairs.ts';
import { valueWeighted } from './value-weighted.ts';
import { withoutSink } from './without-sink.ts';

/** Every figure, in the order in which pages list them: the built-in ones, and on the site the atlas's own. */
export const figures: readonly Figure[] = [
  raw,
  contactSheet,
  squareRoot,
  logScale,
  withoutSink,
  scores,
  valueWeighted,
  differenceFromMean,
  positionalKernel,
  positionalRest,
  gramMatrix,
  rollout,
  lines,
  flow,
  distanceProfile,
  receivedAttention,
  supportCurve,
  singularSpectrum,
  tokenPairs,
  ...ownFigures,
];

/**
 * The figures of these names, in their order.
 *
 * @param own those that are known besides
 * @throws AtlasError `unknown-figure`
 */
export function selectFigures(names: readonly string[], own: readonly Figure[] = []): Figure[] {
  return selectNamed(names, [...figures, ...own], 'unknown-figure');
}
