import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { defineFigure, singularValues, type Pattern } from 'pattern-atlas';

/*
 * The three figures of pattern-lens's demonstration: there a function of the attention matrix and a matplotlib `Axes`
 * that a decorator saves, a function that saves by itself, and a function that gives a matrix. Here each gives its output.
 */

const source = {
  text: 'pattern-lens, demo.ipynb',
  year: 2025,
  url: 'https://github.com/mivanit/pattern-lens',
};
const open = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-size="12" fill="currentColor">`;

export const svdSpectra = defineFigure({
  name: 'svd-spectra',
  title: 'Singular value spectrum of the attention matrix',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading: 'The faster it falls, the fewer directions the pattern is made of.',
  formula: 'The singular values of A, largest first, on a logarithmic scale.',
  misleads: 'Values below a millionth of the largest are rounding errors, and are left out.',
  source,
  draw({ pattern }) {
    const all = [...singularValues(pattern)];
    const values = all.filter((value) => value > 1e-6 * (all[0] ?? 0));
    const x = scaleLinear([0, Math.max(1, values.length - 1)], [48, 472]);
    const y = scaleLog(
      [values.at(-1) ?? 0.1, Math.max(values[0] ?? 1, 1.01 * (values.at(-1) ?? 0.1))],
      [208, 28],
    );
    const path =
      line<number>(
        (_, at) => x(at),
        (value) => y(value),
      )(values) ?? '';
    const dots = values.map((value, at) => `<circle cx="${x(at)}" cy="${y(value)}" r="3"/>`);
    const ticks = y
      .ticks(4)
      .map((tick) => `<text x="42" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`);
    return {
      kind: 'svg',
      svg: `${open(480, 240)}<path d="${path}" fill="none" stroke="currentColor"/>${dots.join('')}${ticks.join('')}<text x="48" y="16">Singular value</text><text x="472" y="232" text-anchor="end">Index</text></svg>`,
    };
  },
});

export const attentionFlow = defineFigure({
  name: 'attention-flow',
  title: 'Attention flow between positions',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading:
    'A line from each query at the left to the keys at the right that it attends to, as wide as its attention.',
  formula: 'A line where A[i, j] > 0.05, of width 5 A[i, j] and opacity A[i, j].',
  misleads: 'Many faint lines of one query are not drawn at all.',
  source,
  draw({ pattern: { rows, columns, values } }) {
    const y = (at: number) => 12 + 16 * at;
    const lines = Array.from(values, (weight, at) => {
      const [query, key] = [Math.floor(at / columns), at % columns];
      return weight > 0.05
        ? `<path d="M24 ${y(query)}L336 ${y(key)}" stroke-width="${(5 * weight).toFixed(2)}" stroke-opacity="${weight.toFixed(3)}"/>`
        : '';
    });
    const height = y(Math.max(rows, columns));
    return { kind: 'svg', svg: `${open(360, height)}<g stroke="#1f5fbf">${lines.join('')}</g></svg>` };
  },
});

export const gram = defineFigure({
  name: 'gram',
  title: 'Gram matrix',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  reading: 'A cell is strong where two queries attend to the same keys.',
  formula: 'A Aᵀ.',
  misleads: 'Two queries that both attend to the first token look alike, whatever else they do.',
  source,
  draw({ pattern }) {
    const { rows } = pattern;
    return {
      kind: 'matrix',
      rows,
      columns: rows,
      values: timesTransposed(pattern),
      scale: { map: 'sequential', least: 0, greatest: 1, unit: 'product' },
      axes: { rows: 'query', columns: 'query' },
    };
  },
});

function timesTransposed({ rows, columns, values }: Pattern): Float32Array {
  const product = new Float32Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let sum = 0;
      for (let key = 0; key < columns; key++) {
        sum += (values[a * columns + key] ?? 0) * (values[b * columns + key] ?? 0);
      }
      product[a * rows + b] = sum;
    }
  }
  return product;
}
