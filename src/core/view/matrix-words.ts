import type { Cell } from '../../schema/view-state.ts';
import type { MatrixOutput } from '../figures/figure.ts';
import type { Pattern } from '../pattern.ts';
import { cellValue, formatNumber } from './cell-value.ts';
import { tokenLabel } from './token-marks.ts';

/** What stands at the rows and columns of a figure. */
export interface MatrixWords {
  /** What a row and a column are: `query` and `key`, unless the figure says otherwise. */
  readonly row: string;
  readonly column: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
}

type Matrix = Pick<MatrixOutput, 'axes' | 'rowLabels' | 'columnLabels'> & { readonly pattern: Pattern };

const LONGEST = 24;

/**
 * The figure's own labels where it has as many as rows or columns, else the tokens of the queries or keys that they
 * are, else numbers.
 */
export function matrixWords(
  { axes, rowLabels, columnLabels, pattern }: Matrix,
  tokens: { readonly queryTokens: readonly string[]; readonly keyTokens: readonly string[] },
): MatrixWords {
  const [row, column] = [axes?.rows ?? 'query', axes?.columns ?? 'key'];
  const tokensOf: Readonly<Record<string, readonly string[]>> = {
    query: tokens.queryTokens,
    key: tokens.keyTokens,
  };
  const labels = (own: readonly string[] | undefined, axis: string, count: number) =>
    [own, tokensOf[axis]].find((known) => known?.length === count) ??
    Array.from({ length: count }, (_, at) => String(at));
  return {
    row,
    column,
    rowLabels: labels(rowLabels, row, pattern.rows),
    columnLabels: labels(columnLabels, column, pattern.columns),
  };
}

/** A cell of a figure as a sentence: `query “·lamp” (3), query “·stone” (12): 0.62`. */
export function describeMatrix(words: MatrixWords, pattern: Pattern, { query, key }: Cell): string {
  const value = cellValue(pattern, { query, key });
  const named = (axis: string, label = '', at: number) => `${axis} “${tokenLabel(label, LONGEST)}” (${at})`;
  const place = `${named(words.row, words.rowLabels[query], query)}, ${named(words.column, words.columnLabels[key], key)}`;
  return value === undefined
    ? `${place}: not seen`
    : `${place}: ${formatNumber(Number(value.toPrecision(4)))}`;
}
