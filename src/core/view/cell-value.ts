import type { Precision } from '../../schema/precision.ts';
import type { Cell } from '../../schema/view-state.ts';
import { visibleKeys, type Pattern } from '../pattern.ts';

/** The value of a cell; undefined outside the layout, where a query cannot see the key. */
export function cellValue(pattern: Pattern, { query, key }: Cell): number | undefined {
  if (query >= pattern.rows || key >= visibleKeys(pattern, query)) return undefined;
  return pattern.values[query * pattern.columns + key];
}

/**
 * The largest absolute error of a cell that reads as `value`: what the pack states for all its cells, or less
 * where its precision is finer (half a step of the square root: `(√v + h)² − v` with `h = 1/510`).
 */
export function cellError(precision: Precision, maxError: number, value: number): number {
  if (precision !== 'fine') return maxError;
  const half = 1 / 510;
  return Math.min(maxError, 2 * Math.sqrt(Math.max(0, value)) * half + half * half);
}

/**
 * `0.4314 ± 0.002`: the error with one digit (rounded up, so that it still bounds), the value with one digit more
 * than the error reaches. An exact value has six significant digits and no error.
 */
export function formatCell(value: number, error: number): { readonly value: string; readonly error: string } {
  if (error <= 0) return { value: formatNumber(value), error: '' };
  const power = Math.floor(Math.log10(error) + 1e-9);
  const decimals = Math.min(8, Math.max(0, -power));
  const rounded = Math.ceil(error * 10 ** decimals - 1e-9) / 10 ** decimals;
  return { value: minus(value.toFixed(decimals + 1)), error: rounded.toFixed(decimals) };
}

/** A number with at most six significant digits, without trailing zeros. */
export function formatNumber(value: number): string {
  return minus(String(Number(value.toPrecision(6))));
}

/** A mark of a scale: three significant digits, which is as near as a mark is read. */
export function tickLabel(value: number): string {
  return minus(String(Number(value.toPrecision(3))));
}

function minus(text: string): string {
  return text.replace('-', '−');
}
