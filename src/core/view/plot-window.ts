import type { Cell, Zoom } from '../../schema/view-state.ts';

/** Query rows and key columns of what is plotted. */
export interface PlotSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The part of a pattern that a plot shows: `1/zoom` of its rows and columns, from row `top` and column `left` on
 * (which may be fractions).
 */
export interface PlotWindow {
  readonly zoom: number;
  readonly top: number;
  readonly left: number;
}

export const WHOLE: PlotWindow = { zoom: 1, top: 0, left: 0 };

/** Cells a side that stay in sight at the largest zoom. */
const LEAST_CELLS = 4;

export function mostZoom({ rows, columns }: PlotSize): number {
  return Math.max(1, Math.max(rows, columns) / LEAST_CELLS);
}

/** Rows and columns that are seen, in fractions of a cell. */
export function seen(size: PlotSize, { zoom }: PlotWindow): PlotSize {
  return { rows: size.rows / zoom, columns: size.columns / zoom };
}

/** The nearest window that lies inside the pattern. */
export function clampWindow(size: PlotSize, window: PlotWindow): PlotWindow {
  const zoom = Math.min(mostZoom(size), Math.max(1, window.zoom));
  const { rows, columns } = seen(size, { ...window, zoom });
  return {
    zoom,
    top: Math.min(size.rows - rows, Math.max(0, window.top)),
    left: Math.min(size.columns - columns, Math.max(0, window.left)),
  };
}

/** Zooms by `factor` and keeps the point still that lies `across` and `down` (0..1) in the plot. */
export function zoomAt(
  size: PlotSize,
  window: PlotWindow,
  factor: number,
  { across, down }: { readonly across: number; readonly down: number },
): PlotWindow {
  const before = seen(size, window);
  const { zoom } = clampWindow(size, { ...window, zoom: window.zoom * factor });
  const after = seen(size, { ...window, zoom });
  return clampWindow(size, {
    zoom,
    top: window.top + (before.rows - after.rows) * down,
    left: window.left + (before.columns - after.columns) * across,
  });
}

/** Moves by parts of what is seen: `across` 0.5 moves half a plot to later keys. */
export function pan(
  size: PlotSize,
  window: PlotWindow,
  { across, down }: { readonly across: number; readonly down: number },
): PlotWindow {
  const { rows, columns } = seen(size, window);
  return clampWindow(size, {
    zoom: window.zoom,
    top: window.top + rows * down,
    left: window.left + columns * across,
  });
}

/** The window moved as little as it takes to show the whole of `cell`. */
export function reveal(size: PlotSize, window: PlotWindow, { query, key }: Cell): PlotWindow {
  const { rows, columns } = seen(size, window);
  return clampWindow(size, {
    zoom: window.zoom,
    top: Math.min(query, Math.max(query + 1 - rows, window.top)),
    left: Math.min(key, Math.max(key + 1 - columns, window.left)),
  });
}

/** The cell `across` and `down` (0..1) in the plot; undefined outside the plot. */
export function cellAt(
  size: PlotSize,
  window: PlotWindow,
  { across, down }: { readonly across: number; readonly down: number },
): Cell | undefined {
  if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) return undefined;
  const { rows, columns } = seen(size, window);
  return {
    query: Math.min(size.rows - 1, Math.floor(window.top + down * rows)),
    key: Math.min(size.columns - 1, Math.floor(window.left + across * columns)),
  };
}

/**
 * The window in whole tokens, as an address holds it; undefined where everything is seen. `fromZoom` and back gives
 * the same address, unless a window shows less than one token of the shorter side.
 */
export function toZoom(size: PlotSize, window: PlotWindow): Zoom | undefined {
  if (window.zoom <= 1.0001) return undefined;
  const longer = Math.max(size.rows, size.columns);
  const whole = Math.max(1, Math.round(longer / window.zoom));
  const span = (first: number, count: number) => {
    const length = (count * whole) / longer;
    const start = Math.min(Math.floor(count - length), Math.round(first));
    // Rounded down on the shorter side: with more, `fromZoom` would zoom out to show it.
    return [start, start + Math.max(1, Math.floor(length)) - 1] as const;
  };
  return { queries: span(window.top, size.rows), keys: span(window.left, size.columns) };
}

/** The window that shows what an address names, or as near to it as this pattern allows. */
export function fromZoom(size: PlotSize, zoom: Zoom | undefined): PlotWindow {
  if (zoom === undefined) return WHOLE;
  const rows = zoom.queries[1] - zoom.queries[0] + 1;
  const columns = zoom.keys[1] - zoom.keys[0] + 1;
  return clampWindow(size, {
    zoom: Math.min(size.rows / rows, size.columns / columns),
    top: zoom.queries[0],
    left: zoom.keys[0],
  });
}
