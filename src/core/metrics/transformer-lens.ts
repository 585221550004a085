import { detectorScore, type DetectionPattern } from './head-detector.ts';
import type { PatternMetric } from './metric.ts';

const TITLES: Readonly<Record<DetectionPattern, string>> = {
  'previous-token': 'previous token',
  'duplicate-token': 'duplicate token',
  induction: 'induction',
};

const CELLS: Readonly<Record<DetectionPattern, string>> = {
  'previous-token': 'j = i − 1',
  'duplicate-token': 'j < i and token j equal to token i',
  induction: '1 ≤ j ≤ i and token j − 1 equal to token i',
};

const SOURCE = {
  text: 'Nanda and Bloom, TransformerLens, head_detector.py',
  year: 2022,
  url: 'https://github.com/TransformerLensOrg/TransformerLens/blob/v2.15.4/transformer_lens/head_detector.py',
};

function byShare(expected: DetectionPattern): PatternMetric<'pattern' | 'ids'> {
  return {
    name: `tl-${expected}`,
    title: `TransformerLens ${TITLES[expected]}`,
    scope: 'pattern',
    inputs: ['pattern', 'ids'],
    group: 'detectors',
    range: [0, 1],
    reading:
      'The share of all attention on the cells that such a head would fill; as TransformerLens measures it.',
    formula: `Σ A[i, j] over ${CELLS[expected]}, divided by Σ A; \`detect_head\` with \`error_measure="mul"\`. Causal patterns only.`,
    source: SOURCE,
    misleads:
      'Every query counts, also those for which no such key exists: the largest value that a prompt allows may be far below 1, and prompts cannot be compared by it.',
    compute: ({ pattern, ids }) => detectorScore(pattern, ids, expected),
  };
}

function byDifference(expected: DetectionPattern): PatternMetric<'pattern' | 'ids'> {
  return {
    ...byShare(expected),
    name: `tl-${expected}-abs`,
    title: `TransformerLens ${TITLES[expected]}, by difference`,
    range: [-1, 1],
    reading:
      'How little the pattern differs from that of such a head: 1 not at all; as TransformerLens measures it.',
    formula: `1 − mean over i of Σⱼ |A[i, j] − D[i, j]|, to three digits, with D 1 where ${CELLS[expected]} and else 0; \`detect_head\` with \`error_measure="abs"\`. Values below −1, which a token that comes many times can give, count as −1. Causal patterns only.`,
    misleads:
      'A query for which no such key exists is asked to attend to nothing, which no softmax can: each of them costs 1, so that the best head may have a score below 0.',
    compute({ pattern, ids }) {
      const score = detectorScore(pattern, ids, expected, { errorMeasure: 'abs' });
      return score === null ? null : Math.max(-1, score);
    },
  };
}

export const tlPreviousToken = byShare('previous-token');
export const tlDuplicateToken = byShare('duplicate-token');
export const tlInduction = byShare('induction');
export const tlPreviousTokenAbs = byDifference('previous-token');
export const tlDuplicateTokenAbs = byDifference('duplicate-token');
export const tlInductionAbs = byDifference('induction');
