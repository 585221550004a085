import type { Pattern } from '../pattern.ts';
import { sumsOf, type PatternSums } from '../pattern-sums.ts';
import { isOfOneText, meanOf } from './averages.ts';
import type { HeadMetric, Observation } from './metric.ts';

/** Distances that are told apart; farther ones are one. */
const NEAR = 16;

export const stability: HeadMetric<'pattern'> = {
  name: 'stability',
  title: 'Stability',
  scope: 'head',
  prompts: 'atlas',
  inputs: ['pattern'],
  group: 'prompts',
  range: [0, 1],
  reading:
    'Near 1, the head looks the same distances back whatever the prompt; small, its pattern depends on the text.',
  formula:
    '1 minus the mean over the prompts of ½ Σ |p − m|, where p is how a prompt’s attention is shared among the first token, the distances 0 to 15 and all farther ones, and m the mean of p over the prompts.',
  source: {
    text: 'Vig and Belinkov, Analyzing the Structure of Attention in a Transformer Language Model (“attention variability”)',
    year: 2019,
    url: 'https://aclanthology.org/W19-4808/',
  },
  misleads:
    'It compares how far heads look, not at what: a head that always finds a word ten tokens back is stable by chance of the prompts. Prompts of very different lengths make every head look less stable.',
  observe: ({ pattern }) => (isOfOneText(pattern) ? shares(pattern, sumsOf(pattern)) : null),
  compute(observations) {
    if (observations.length < 2) return null;
    const means = Array.from(
      { length: NEAR + 2 },
      (_, at) => meanOf(observations.map((p) => p[at] ?? 0)) ?? 0,
    );
    return meanOf(
      observations.map(
        (p) => 1 - means.reduce((sum, mean, at) => sum + Math.abs((p[at] ?? 0) - mean), 0) / 2,
      ),
    );
  },
};

/** The first token's share of the attention, those of the distances 0 to 15, and the rest; null where there is none. */
function shares(
  { rows, columns, values }: Pattern,
  { rowSum, columnSum, distanceSum }: PatternSums,
): Observation | null {
  const all = rowSum.reduce((sum, value) => sum + value, 0);
  if (all === 0) return null;
  const parts = [columnSum[0] ?? 0];
  for (let far = 0; far < NEAR; far++) {
    const before = far < rows ? (distanceSum[columns - 1 + far] ?? 0) - (values[far * columns] ?? 0) : 0;
    const after = far > 0 && far < columns ? (distanceSum[columns - 1 - far] ?? 0) : 0;
    parts.push(before + after);
  }
  const rest = all - parts.reduce((sum, part) => sum + part, 0);
  return [...parts, rest].map((part) => Math.max(0, part) / all);
}
