import { distanceCells, sumsOf } from '../pattern-sums.ts';
import { isOfOneText } from './averages.ts';
import type { PatternMetric } from './metric.ts';

export const positionalShare: PatternMetric<'pattern'> = {
  name: 'positional-share',
  title: 'Positional share',
  scope: 'pattern',
  inputs: ['pattern'],
  group: 'position',
  range: [0, 1],
  reading: 'Near 1, how far away a key stands explains all of the pattern; near 0, it explains none.',
  formula:
    'R² of the mean at each distance i − j: 1 − Σ (A[i, j] − m(i − j))² / Σ (A[i, j] − m)², over the cells that queries see, with m(d) the mean at distance d and m that of all cells.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model (“attention variability”)',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  misleads:
    'Attention to the first token depends on position too, but on the key’s own: it counts as content here. Distances with a single cell are explained by themselves, so short prompts score high.',
  compute({ pattern }) {
    if (!isOfOneText(pattern)) return null;
    const { distanceSum, distanceSquares } = sumsOf(pattern);
    let cells = 0;
    let sum = 0;
    let squares = 0;
    let explained = 0;
    for (const [index, count] of distanceCells(pattern).entries()) {
      if (count === 0) continue;
      const ofDistance = distanceSum[index] ?? 0;
      cells += count;
      sum += ofDistance;
      squares += distanceSquares[index] ?? 0;
      explained += (ofDistance * ofDistance) / count;
    }
    const variance = squares - (sum * sum) / cells;
    if (variance <= 1e-9 * squares) return null; // every cell alike: nothing to explain
    return (explained - (sum * sum) / cells) / variance;
  },
};
