import type { Cell } from '../../schema/view-state.ts';
import { visibleKeys, type Pattern } from '../pattern.ts';

/** What a key press asks of a plot that has the focus. */
export type PlotAction =
  | { readonly kind: 'move'; readonly queries: number; readonly keys: number }
  /** To the first or last key of the query's row, or the first or last query. */
  | { readonly kind: 'edge'; readonly of: 'row' | 'column'; readonly end: 'first' | 'last' }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'whole' }
  | { readonly kind: 'unpin' };

/** The parts of a keyboard event that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const STRIDE = 10;
const ZOOM_STEP = 1.5;
const MOVES: Readonly<Record<string, readonly [queries: number, keys: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-STRIDE, 0],
  PageDown: [STRIDE, 0],
};

/** Arrows move by one, with Ctrl or Shift by ten; Home and End go along the row, with Ctrl along the column. */
export function plotAction(press: KeyPress): PlotAction | undefined {
  if (press.altKey || press.metaKey) return undefined;
  const move = MOVES[press.key];
  if (move !== undefined) {
    const stride = press.key.startsWith('Arrow') && (press.ctrlKey || press.shiftKey) ? STRIDE : 1;
    return { kind: 'move', queries: move[0] * stride, keys: move[1] * stride };
  }
  if (press.key === 'Home' || press.key === 'End') {
    const end = press.key === 'Home' ? 'first' : 'last';
    return { kind: 'edge', of: press.ctrlKey ? 'column' : 'row', end };
  }
  if (press.ctrlKey) return undefined;
  if (press.key === '+' || press.key === '=') return { kind: 'zoom', factor: ZOOM_STEP };
  if (press.key === '-') return { kind: 'zoom', factor: 1 / ZOOM_STEP };
  if (press.key === '0') return { kind: 'whole' };
  if (press.key === 'Escape') return { kind: 'unpin' };
  return undefined;
}

/** The cell that a `move` or `edge` leads to from `cell`, never outside the pattern. */
export function movedCell(
  pattern: Pattern,
  cell: Cell,
  action: Extract<PlotAction, { kind: 'move' | 'edge' }>,
): Cell {
  if (action.kind === 'move') {
    return {
      query: clamp(cell.query + action.queries, pattern.rows),
      key: clamp(cell.key + action.keys, pattern.columns),
    };
  }
  if (action.of === 'column') {
    return { query: action.end === 'first' ? 0 : pattern.rows - 1, key: cell.key };
  }
  return { query: cell.query, key: action.end === 'first' ? 0 : visibleKeys(pattern, cell.query) - 1 };
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
