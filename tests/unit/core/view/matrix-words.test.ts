import { describe, expect, it } from 'vitest';
import { patternOf } from '../../../../src/core/pattern.ts';
import { describeMatrix, matrixWords } from '../../../../src/core/view/matrix-words.ts';

const tokens = { queryTokens: ['a', ' b'], keyTokens: ['a', ' b'] };
const square = patternOf({ kind: 'square', n: 2 }, Float32Array.of(0.1, 0.2, 0.3, 0.44444));

describe('the words at the rows and columns of a figure', () => {
  it('are tokens of queries and keys, or of what the figure says they are', () => {
    const keys = { queryTokens: ['q', 'r'], keyTokens: ['k', 'l'] };
    expect(matrixWords({ pattern: square }, keys)).toEqual({
      row: 'query',
      column: 'key',
      rowLabels: ['q', 'r'],
      columnLabels: ['k', 'l'],
    });
    const gram = { pattern: square, axes: { rows: 'query', columns: 'query' } };
    expect(matrixWords(gram, keys).columnLabels).toEqual(['q', 'r']);
  });

  it('are its own labels where it has as many as cells, and else numbers', () => {
    const wide = patternOf({ kind: 'rectangle', rows: 1, columns: 3 }, new Float32Array(3));
    const axes = { rows: 'band', columns: 'distance' };
    const labelled = { pattern: wide, axes, rowLabels: ['low'], columnLabels: ['too', 'few'] };
    expect(matrixWords(labelled, tokens)).toMatchObject({
      rowLabels: ['low'],
      columnLabels: ['0', '1', '2'],
    });
  });

  it('name a cell and its value', () => {
    const words = matrixWords({ pattern: square }, tokens);
    expect(describeMatrix(words, square, { query: 1, key: 1 })).toBe('query “·b” (1), key “·b” (1): 0.4444');
    const causal = patternOf({ kind: 'causal', n: 2 }, Float32Array.of(1, 0, 0.5, 0.5));
    expect(describeMatrix(words, causal, { query: 0, key: 1 })).toContain('not seen');
  });
});
