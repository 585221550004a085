import { visibleKeys } from '../pattern.ts';
import type { HeadFigure, MatrixOutput } from './figure.ts';

/** Tokens on each side: those with the most attention. */
const SIDE = 24;

/** The attention that tokens give tokens on one prompt, summed, and how many queries each token made. */
interface Pairs {
  /** `[query token, key token, attention]` */
  readonly sums: readonly (readonly [query: string, key: string, attention: number])[];
  readonly queries: readonly (readonly [token: string, count: number])[];
}

export const tokenPairs: HeadFigure<'pattern' | 'tokens', MatrixOutput, Pairs> = {
  name: 'token-pairs',
  title: 'Token pairs',
  scope: 'head',
  inputs: ['pattern', 'tokens'],
  output: 'matrix',
  reading: 'Which token attends to which over all prompts: the tokens between which most attention passes.',
  formula:
    'P[a, b] = Σ A[i, j] over all prompts, queries i with token a and keys j with token b, divided by the number of queries with token a; the 24 of each side with the largest sums.',
  misleads:
    'Frequent tokens come first by being frequent; a token that comes once shows one sentence, not a habit.',
  source: {
    text: 'Clark et al., What Does BERT Look At? An Analysis of BERT’s Attention',
    year: 2019,
    url: 'https://aclanthology.org/W19-4828/',
  },
  observe({ pattern, tokens }) {
    if (pattern.layout.kind === 'rectangle') return null;
    const sums = new Map<string, Map<string, number>>();
    const queries = new Map<string, number>();
    for (let query = 0; query < pattern.rows; query++) {
      const token = tokens[query] ?? '';
      const row = sums.get(token) ?? new Map<string, number>();
      sums.set(token, row);
      queries.set(token, (queries.get(token) ?? 0) + 1);
      for (let key = 0; key < visibleKeys(pattern, query); key++) {
        const value = pattern.values[query * pattern.columns + key] ?? 0;
        if (value > 0) row.set(tokens[key] ?? '', (row.get(tokens[key] ?? '') ?? 0) + value);
      }
    }
    return {
      sums: [...sums].flatMap(([query, row]) => [...row].map(([key, value]) => [query, key, value] as const)),
      queries: [...queries],
    };
  },
  draw(kept) {
    const sums = kept.flatMap((pairs) => pairs.sums);
    const counts = totals(kept.flatMap((pairs) => pairs.queries));
    const rowLabels = strongest(totals(sums.map(([query, , value]) => [query, value])));
    const columnLabels = strongest(totals(sums.map(([, key, value]) => [key, value])));
    const values = new Float32Array(rowLabels.length * columnLabels.length);
    for (const [query, key, value] of sums) {
      const row = rowLabels.indexOf(query);
      const column = columnLabels.indexOf(key);
      if (row < 0 || column < 0) continue;
      const at = row * columnLabels.length + column;
      values[at] = (values[at] ?? 0) + value / (counts.get(query) ?? 1);
    }
    return {
      kind: 'matrix',
      rows: rowLabels.length,
      columns: columnLabels.length,
      values,
      rowLabels,
      columnLabels,
      scale: { map: 'sequential', least: 0, greatest: 1, unit: 'attention' },
    };
  },
};

function totals(entries: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, value] of entries) sums.set(name, (sums.get(name) ?? 0) + value);
  return sums;
}

function strongest(sums: ReadonlyMap<string, number>): string[] {
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SIDE)
    .map(([name]) => name);
}
