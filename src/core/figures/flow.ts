import { edgesOf, label, ROW, stroke, text } from './edges.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';
import { round } from './svg-text.ts';

export const flow: PatternFigure<'pattern' | 'tokens', SvgOutput> = {
  ...text,
  name: 'flow',
  title: 'Attention flow',
  reading:
    'The text once, from top to bottom, with an arc from each query back to the keys that it attends to.',
  source: {
    text: 'pattern-lens, the figure attention_flow of its documentation',
    year: 2025,
    url: 'https://github.com/mivanit/pattern-lens',
  },
  draw({ pattern, tokens }) {
    const count = Math.max(pattern.rows, pattern.columns);
    const y = (at: number) => ROW * at + 12;
    const arcs = edgesOf(pattern).map(({ query, key, value }) => {
      const [from, to] = [y(query) - 4, y(key) - 4];
      const reach = round(126 + 24 + 300 * (Math.abs(query - key) / count));
      return `<path d="M126 ${from}C${reach} ${from} ${reach} ${to} 126 ${to}" fill="none" ${stroke(value)}/>`;
    });
    const labels = Array.from({ length: count }, (_, at) =>
      label(120, y(at), 'end', tokens[at] ?? String(at)),
    );
    const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 ${ROW * count + 8}" role="img" aria-label="Arcs from queries to keys">`;
    return { kind: 'svg', svg: `${open}${arcs.join('')}${labels.join('')}</svg>` };
  },
};
