import { defineFigure } from 'pattern-atlas';

/** An image: each query's row in the hue of how far back its strongest key lies, as bright as its attention. */
export default defineFigure({
  name: 'strongest-key',
  title: 'How far back the strongest key lies',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'image',
  reading:
    'One row a query: blue where its strongest key is near, orange where it is far; the more opaque a cell, the more attention it gets.',
  formula: 'Hue by (i − argmaxⱼ A[i, j]) / i, opacity by √A[i, j].',
  misleads: 'Two keys of nearly equal attention give one hue, that of the slightly stronger.',
  source: { text: 'An example of Pattern Atlas', year: 2026 },
  draw({ pattern: { rows, columns, values } }) {
    const rgba = new Uint8ClampedArray(rows * columns * 4);
    for (let query = 0; query < rows; query++) {
      const row = values.subarray(query * columns, (query + 1) * columns);
      const strongest = row.indexOf(Math.max(...row));
      const far = Math.min(1, Math.abs(query - strongest) / Math.max(1, query));
      for (const [key, share] of row.entries()) {
        const at = (query * columns + key) * 4;
        rgba.set([40 + 190 * far, 110 + 20 * far, 200 - 170 * far, 255 * Math.sqrt(share)], at);
      }
    }
    return { kind: 'image', width: columns, height: rows, rgba };
  },
});
