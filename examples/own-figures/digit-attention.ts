import { defineMetric } from 'pattern-atlas';

/** A metric of patterns: how much attention goes to tokens with a digit in them. */
export default defineMetric({
  name: 'digit-attention',
  title: 'Attention to digits',
  scope: 'pattern',
  inputs: ['pattern', 'tokens'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, nearly all attention goes to tokens with a digit in them; 0, none.',
  formula:
    'Mean over the queries from the first token with a digit on of Σ A[i, j] over the keys j with one.',
  source: { text: 'An example of Pattern Atlas', year: 2026 },
  misleads: 'A text full of numbers gives every head a large value.',
  compute({ pattern: { rows, columns, values }, tokens }) {
    const hasDigit = tokens.map((token) => /\p{Nd}/u.test(token));
    const first = hasDigit.indexOf(true);
    if (first < 0 || first >= rows) return null;
    let sum = 0;
    for (let query = first; query < rows; query++) {
      for (let key = 0; key < columns; key++) {
        if (hasDigit[key] === true) sum += values[query * columns + key] ?? 0;
      }
    }
    return sum / (rows - first);
  },
});
