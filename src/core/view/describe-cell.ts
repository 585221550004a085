import type { Precision } from '../../schema/precision.ts';
import type { Cell } from '../../schema/view-state.ts';
import type { Pattern } from '../pattern.ts';
import { cellError, cellValue, formatCell } from './cell-value.ts';
import { tokenLabel } from './token-marks.ts';

/** What is needed to speak about a cell. */
export interface DescribedPattern {
  readonly pattern: Pattern;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  readonly precision: Precision;
  readonly maxError: number;
}

/** A cell in the pieces of `query “the” (12) → key “cat” (5): 0.4314 ± 0.002`. */
export interface CellWords {
  readonly query: string;
  readonly key: string;
  /** Undefined where the query cannot see the key. */
  readonly value: string | undefined;
  /** Empty where the value is exact. */
  readonly error: string;
}

const LONGEST = 24;

export function cellWords(of: DescribedPattern, cell: Cell): CellWords {
  const value = cellValue(of.pattern, cell);
  const words = {
    query: tokenLabel(of.queryTokens[cell.query] ?? '', LONGEST),
    key: tokenLabel(of.keyTokens[cell.key] ?? '', LONGEST),
  };
  if (value === undefined) return { ...words, value: undefined, error: '' };
  return { ...words, ...formatCell(value, cellError(of.precision, of.maxError, value)) };
}

/** A cell as a sentence to be heard: tokens without marks. */
export function describeCell(of: DescribedPattern, cell: Cell): string {
  const { value } = cellWords(of, cell);
  const query = `query ${spoken(of.queryTokens[cell.query])} (${cell.query})`;
  const key = `key ${spoken(of.keyTokens[cell.key])} (${cell.key})`;
  return value === undefined ? `${query}, ${key}: comes later and is not seen` : `${query}, ${key}: ${value}`;
}

function spoken(token = ''): string {
  if (token === '') return 'empty';
  return token.trim() === '' ? (token.includes('\n') ? 'newline' : 'space') : token.trim();
}
