import { visibleKeys, type Pattern } from '../pattern.ts';
import { escapeText, round, tokenLabel } from './svg-text.ts';

/** pattern-lens's threshold. */
const LEAST = 0.05;
/** Units from one token to the next. */
export const ROW = 16;

interface Edge {
  readonly query: number;
  readonly key: number;
  readonly value: number;
}

/** The cells from the threshold on, faint ones first, so that strong lines lie on top. */
export function edgesOf(pattern: Pattern): Edge[] {
  const edges: Edge[] = [];
  for (let query = 0; query < pattern.rows; query++) {
    for (let key = 0; key < visibleKeys(pattern, query); key++) {
      const value = pattern.values[query * pattern.columns + key] ?? 0;
      if (value >= LEAST) edges.push({ query, key, value });
    }
  }
  return edges.sort((a, b) => a.value - b.value);
}

/** A token beside the drawing. */
export function label(x: number, y: number, anchor: string, token: string): string {
  return `<text x="${x}" y="${y}" font-size="11" font-family="monospace" text-anchor="${anchor}" fill="currentColor">${escapeText(tokenLabel(token))}</text>`;
}

/** How a line of this much attention is drawn. */
export function stroke(value: number): string {
  return `stroke="currentColor" stroke-width="${round(0.5 + 2 * value)}" stroke-opacity="${round(0.1 + 0.9 * value)}"`;
}

/** What both drawings of edges say of themselves. */
export const text = {
  scope: 'pattern',
  inputs: ['pattern', 'tokens'],
  output: 'svg',
  formula: 'A line from query i to key j for each A[i, j] ≥ 0.05, the stronger the more attention.',
  misleads:
    'Attention spread evenly over more than twenty keys leaves no line at all, so a head that looks everywhere seems to look nowhere.',
} as const;
