import { edgesOf, label, ROW, stroke, text } from './edges.ts';
import type { PatternFigure, SvgOutput } from './figure.ts';

export const lines: PatternFigure<'pattern' | 'tokens', SvgOutput> = {
  ...text,
  name: 'lines',
  title: 'Line view',
  reading:
    'The text twice, queries left and keys right, with a line from each query to the keys that it attends to.',
  source: {
    text: 'Vig, A Multiscale Visualization of Attention in the Transformer Model (BertViz)',
    year: 2019,
    url: 'https://aclanthology.org/P19-3007/',
  },
  draw({ pattern, tokens }) {
    const { rows, columns } = pattern;
    const y = (at: number) => ROW * at + 12;
    const isOneText = pattern.layout.kind !== 'rectangle';
    const height = ROW * Math.max(rows, columns) + 8;
    const paths = edgesOf(pattern).map(
      ({ query, key, value }) =>
        `<line x1="120" y1="${y(query) - 4}" x2="360" y2="${y(key) - 4}" ${stroke(value)}/>`,
    );
    const queries = Array.from({ length: rows }, (_, at) =>
      label(114, y(at), 'end', isOneText ? (tokens[at] ?? String(at)) : String(at)),
    );
    const keys = Array.from({ length: columns }, (_, at) =>
      label(366, y(at), 'start', tokens[at] ?? String(at)),
    );
    const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 ${height}" role="img" aria-label="Lines from queries to keys">`;
    return { kind: 'svg', svg: `${open}${paths.join('')}${queries.join('')}${keys.join('')}</svg>` };
  },
};
