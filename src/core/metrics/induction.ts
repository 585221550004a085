import type { PatternMetric } from './metric.ts';

export const induction: PatternMetric<'pattern' | 'ids'> = {
  name: 'induction',
  title: 'Induction',
  scope: 'pattern',
  inputs: ['pattern', 'ids'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, a token that occurred before attends to what followed it then.',
  formula:
    'Mean, over the queries i whose token occurred earlier, of the sum of A[i, j] over the keys j ≤ i with token j − 1 equal to token i and j − 1 < i.',
  source: {
    text: 'Olsson et al., In-context Learning and Induction Heads',
    year: 2022,
    url: 'https://transformer-circuits.pub/2022/in-context-learning-and-induction-heads/index.html',
  },
  misleads:
    'A token repeated at once (“the the”) counts its own position, so a head that attends to itself scores there too; and frequent words such as “the” repeat in any text without there being anything to copy.',
  compute({ pattern: { rows, columns, values }, ids }) {
    if (rows !== columns) return null;
    const followers = new Map<number, number[]>();
    let sum = 0;
    let queries = 0;
    for (let query = 0; query < rows; query++) {
      const id = ids[query] ?? -1;
      const keys = followers.get(id);
      if (keys === undefined) {
        followers.set(id, [query + 1]);
        continue;
      }
      for (const key of keys) sum += values[query * columns + key] ?? 0;
      queries++;
      keys.push(query + 1);
    }
    return queries === 0 ? null : sum / queries;
  },
};
