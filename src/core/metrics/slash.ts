import { distanceCells, sumsOf } from '../pattern-sums.ts';
import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';

/** Shorter diagonals are chance. */
const LEAST_CELLS = 4;

export const slash: PatternMetric<'pattern'> = {
  name: 'slash',
  title: 'Slash',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, every query attends to the key at one and the same distance, whichever that is.',
  formula: 'The largest over the distances d with at least four cells of the mean of A[i, i − d].',
  source: {
    text: 'Jiang et al., MInference 1.0: Accelerating Pre-filling for Long-Context LLMs (slash lines)',
    year: 2024,
    url: 'https://arxiv.org/abs/2407.02490',
  },
  misleads:
    'It says that there is a diagonal, not which: “Current token” and “Previous token” do for the nearest two. In a prompt that repeats with one period, an induction head draws a diagonal too.',
  compute({ pattern }) {
    if (!isOfOneText(pattern)) return null;
    const { distanceSum } = sumsOf(pattern);
    let most: number | null = null;
    for (const [index, cells] of distanceCells(pattern).entries()) {
      if (cells >= LEAST_CELLS) most = Math.max(most ?? 0, (distanceSum[index] ?? 0) / cells);
    }
    return most;
  },
};
