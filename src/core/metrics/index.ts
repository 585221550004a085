import { selectNamed } from '../select-named.ts';
import { bandEnergy } from './band-energy.ts';
import { bracketMatching } from './bracket-matching.ts';
import { copying } from './copying.ts';
import { currentToken } from './current-token.ts';
import { delimiter } from './delimiter.ts';
import { distanceSpread } from './distance-spread.ts';
import { distance } from './distance.ts';
import { duplicateToken } from './duplicate-token.ts';
import { earlierSentence } from './earlier-sentence.ts';
import { effectiveRank } from './effective-rank.ts';
import { entropy } from './entropy.ts';
import { firstToken } from './first-token.ts';
import { gini } from './gini.ts';
import { inductionRandom } from './induction-random.ts';
import { induction } from './induction.ts';
import { lossWeightedInduction } from './loss-weighted-induction.ts';
import type { Metric } from './metric.ts';
import { newline } from './newline.ts';
import { ownMetrics } from './own.ts';
import { peakedness } from './peakedness.ts';
import { positionalShare } from './positional-share.ts';
import { prefixMatching } from './prefix-matching.ts';
import { previousToken } from './previous-token.ts';
import { punctuation } from './punctuation.ts';
import { repeatGain } from './repeat-gain.ts';
import { sinkHeads } from './sink-heads.ts';
import { sinkRate } from './sink-rate.ts';
import { slash } from './slash.ts';
import { stability } from './stability.ts';
import { stripe } from './stripe.ts';
import { subword } from './subword.ts';
import { topPSupport } from './top-p-support.ts';
import {
  tlDuplicateToken,
  tlDuplicateTokenAbs,
  tlInduction,
  tlInductionAbs,
  tlPreviousToken,
  tlPreviousTokenAbs,
} from './transformer-lens.ts';

/** Every metric, in the order in which pages list them within their groups; on the site the atlas's own, too. */
export const metrics: readonly Metric[] = [
  previousToken,
  currentToken,
  firstToken,
  sinkRate,
  slash,
  distance,
  distanceSpread,
  bandEnergy,
  positionalShare,
  induction,
  inductionRandom,
  prefixMatching,
  copying,
  lossWeightedInduction,
  duplicateToken,
  punctuation,
  newline,
  delimiter,
  subword,
  bracketMatching,
  earlierSentence,
  entropy,
  peakedness,
  gini,
  topPSupport,
  effectiveRank,
  stripe,
  stability,
  tlPreviousToken,
  tlDuplicateToken,
  tlInduction,
  tlPreviousTokenAbs,
  tlDuplicateTokenAbs,
  tlInductionAbs,
  sinkHeads,
  repeatGain,
  ...ownMetrics,
];

/**
 * The metrics of these names, in their order.
 *
 * @param own those that are known besides
 * @throws AtlasError `unknown-metric`
 */
export function selectMetrics(names: readonly string[], own: readonly Metric[] = []): Metric[] {
  return selectNamed(names, [...metrics, ...own], 'unknown-metric');
}
