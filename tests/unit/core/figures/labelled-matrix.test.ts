import { expect, it } from 'vitest';
import { labelledMatrix } from '../../../../src/core/figures/labelled-matrix.ts';
import type { MatrixOutput } from '../../../../src/core/figures/figure.ts';

const output: MatrixOutput = {
  kind: 'matrix',
  rows: 1,
  columns: 2,
  values: Float32Array.of(0.25, 0),
  scale: { map: 'sequential', least: 0, greatest: 1, unit: 'attention' },
};

it('writes the labels beside the cells, with marks for spaces and nothing that breaks the drawing', () => {
  const svg = labelledMatrix({ ...output, rowLabels: [' <a>'], columnLabels: ['\n', 'b'] }, 'sqrt');
  const texts = Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/gu), ([, text]) => text);
  expect(texts).toEqual(['query ↓', 'key →', '·&lt;a&gt;', '⏎', 'b']);
  expect(svg.match(/width="1" height="1"[^>]*fill-opacity="0.50"/gu)).toHaveLength(1);
});

it('is the cells alone where nothing stands beside them', () => {
  expect(labelledMatrix(output, 'sqrt')).toMatch(/viewBox="0 0 2 1"/u);
});
