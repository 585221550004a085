import { sumsOf } from '../pattern-sums.ts';
import { meanOf } from './averages.ts';
import type { HeadMetric } from './metric.ts';

export const copying: HeadMetric<'pattern' | 'ids' | 'logitEffects'> = {
  name: 'copying',
  title: 'Copying',
  scope: 'head',
  prompts: 'repeated-tokens',
  inputs: ['pattern', 'ids', 'logitEffects'],
  group: 'content',
  range: [-1, 1],
  reading:
    'Near 1, a head makes the very token that it attends to likelier, and no other one; near −1, only others.',
  formula:
    'On prompts of random tokens that come twice, with R[j, t] how far what key j gives raises the logit of token t above the mean over the vocabulary on the direct path, 0 where it lowers it: 4a / (a + s) − 1, with a = Σ A[i, j] R[j, token j] and s = Σ A[i, j] Σₜ R[j, t] over the tokens t of the prompt; the mean over prompts.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads (head activation evaluators, “copying”)',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'The scale is the paper’s, whose ratio ends at one half: a head that raises all 25 tokens alike has −0.85, so that 0 is much. What later layers make of a head’s output is not seen. The paper takes what a head writes as a whole, this atlas each key by itself. The begin-of-text token is left out: of a head that attends to little else, the rest is measured.',
  observe({ pattern, ids, logitEffects: { values, columns } }) {
    const places = new Map<number, number>();
    const repeated = new Map<number, number>();
    for (const [place, id] of ids.entries()) {
      if (places.has(id)) repeated.set(id, place);
      places.set(id, place);
    }
    const { columnSum } = sumsOf(pattern);
    let attended = 0;
    let all = 0;
    for (const [key, id] of ids.entries()) {
      const own = repeated.get(id);
      if (own === undefined) continue;
      const weight = columnSum[key] ?? 0;
      const rise = (place: number) => weight * Math.max(0, values[key * columns + place] ?? 0);
      attended += rise(own);
      for (const place of repeated.values()) all += rise(place);
    }
    return all === 0 ? null : [(4 * attended) / (attended + all) - 1];
  },
  compute: (observations) => meanOf(observations.flat()),
};
