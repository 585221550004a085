import { expect, test } from 'vitest';
import { tryDrawing } from '../../../../src/core/figures/check-output.ts';
import type { FigureOutput } from '../../../../src/core/figures/figure.ts';

const scale = { map: 'sequential', least: 0, greatest: 1, unit: 'u' } as const;
const matrix = (values: number[], rows = 2): FigureOutput => ({
  kind: 'matrix',
  rows,
  columns: 2,
  values: Float32Array.from(values),
  scale,
});
const reason = (output: unknown, kind: FigureOutput['kind'] = 'matrix') => {
  const drawn = tryDrawing(kind, () => output as FigureOutput);
  return drawn.kind === 'failed' ? drawn.reason : drawn.kind;
};

test('an output of the declared kind and shape is taken', () => {
  expect(reason(matrix([0, 1, 0, 1]))).toBe('drawn');
  expect(reason({ kind: 'svg', svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' }, 'svg')).toBe('drawn');
  expect(reason({ kind: 'image', width: 1, height: 1, rgba: new Uint8ClampedArray(4) }, 'image')).toBe(
    'drawn',
  );
  expect(reason(undefined)).toBe('unavailable');
});

test('what is wrong with an output is said with its place', () => {
  expect(reason(matrix([0, 1, 0, NaN]))).toBe('Its value in row 1, column 1 is NaN.');
  expect(reason(matrix([0, 1, 0]))).toBe('Its values hold 3 numbers, not 4: 2 rows of 2 columns.');
  expect(reason(matrix([], 0))).toBe('Its rows and columns are 0 and 2.');
  expect(reason({ ...matrix([0, 1, 0, 1]), scale: { ...scale, greatest: 0 } })).toContain('colour scale');
  expect(reason(matrix([0, 1, 0, 1]), 'svg')).toContain('declares "svg"');
  expect(reason({ kind: 'svg', svg: '<p>' }, 'svg')).toContain('does not begin');
  expect(reason({ kind: 'image', width: 1, height: 2, rgba: new Uint8ClampedArray(4) }, 'image')).toContain(
    'not 8',
  );
  expect(reason(null)).toContain('not an output');
});

test('what a figure throws is its reason', () => {
  const drawn = tryDrawing('svg', () => {
    throw new Error('boom');
  });
  expect(drawn).toMatchObject({ kind: 'failed', reason: 'boom' });
});
