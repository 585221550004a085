import type { Pattern } from './pattern.ts';

/** What the rows of an imported pattern turned out to be. */
export interface RowFindings {
  /** No cell above the diagonal differs from 0; false for patterns that are not square. */
  isCausal: boolean;
  /** Rows that sum to less than 1 by more than the tolerance, and the least sum of any row. */
  shortRows: number;
  leastSum: number;
}

/**
 * By how much a row's sum may pass 1: numbers rounded to bfloat16 are off by up to 2⁻⁸ of themselves (0.0039), and so
 * may be their sum. A row that falls short of 1 by more counts as short.
 */
const ROW_TOLERANCE = 0.005;

/**
 * Checks that each row of a pattern, dense `[rows, columns]`, shares out attention, and adds what it finds to
 * `findings`. A row may sum to less than 1: attention that went to a sink or to padding is not among the keys.
 *
 * @returns undefined, or what is wrong with the first row that is no such thing, in words
 */
export function checkRows(
  values: Float32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  findings: RowFindings,
): string | undefined {
  let isCausal = findings.isCausal && rows === columns;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      const value = values[start + column] ?? 0;
      if (!(value >= 0 && value < Infinity)) return `row ${row}, column ${column} holds ${value}`;
      sum += value;
      if (isCausal && column > row && value !== 0) isCausal = false;
    }
    if (sum > 1 + ROW_TOLERANCE) return `row ${row} sums to ${sum.toPrecision(6)}`;
    if (sum < 1 - ROW_TOLERANCE) findings.shortRows++;
    findings.leastSum = Math.min(findings.leastSum, sum);
  }
  findings.isCausal = isCausal;
  return undefined;
}

/**
 * The pattern with each row that sums to more than 1 divided by its sum, so that metrics stay in their range on what
 * was rounded to 16 bits; the pattern itself where there is no such row.
 */
export function withinOne(pattern: Pattern): Pattern {
  const { rows, columns } = pattern;
  let values = pattern.values;
  for (let row = 0; row < rows; row++) {
    const cells = values.subarray(row * columns, (row + 1) * columns);
    const sum = cells.reduce((total, value) => total + value, 0);
    if (sum <= 1) continue;
    if (values === pattern.values) values = values.slice();
    values.set(
      cells.map((value) => value / sum),
      row * columns,
    );
  }
  return values === pattern.values ? pattern : { ...pattern, values };
}
