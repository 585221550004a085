import { defineFigure } from 'pattern-atlas';

/** A matrix: how much each key adds to the entropy of its query's attention. */
export default defineFigure({
  name: 'entropy-band',
  title: 'Entropy band',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'matrix',
  usualScale: 'linear',
  reading:
    'A cell is strong where a query is undecided about a key: near 0 for keys that it ignores and for a key that takes all.',
  formula: '−A[i, j] log₂ A[i, j], in bits; a row sums to the entropy of its query.',
  misleads: 'No cell can hold more than 0.53 bits, which an attention of 0.37 gives: strong is not certain.',
  source: { text: 'Shannon, A Mathematical Theory of Communication', year: 1948 },
  draw({ pattern: { rows, columns, values } }) {
    return {
      kind: 'matrix',
      rows,
      columns,
      values: values.map((share) => (share > 0 ? share * Math.log2(1 / share) : 0)),
      scale: { map: 'sequential', least: 0, greatest: 0.54, unit: 'bits' },
    };
  },
});
