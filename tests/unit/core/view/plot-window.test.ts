import { describe, expect, it } from 'vitest';
import { labelledPositions } from '../../../../src/core/view/axis-labels.ts';
import {
  cellAt,
  clampWindow,
  fromZoom,
  mostZoom,
  pan,
  reveal,
  seen,
  toZoom,
  WHOLE,
  zoomAt,
} from '../../../../src/core/view/plot-window.ts';
import { random } from '../../random.ts';

const size = { rows: 100, columns: 100 };

describe('a plot window', () => {
  it('never leaves the pattern, however it is moved', () => {
    for (let seed = 0; seed < 300; seed++) {
      const r = random(seed);
      const of = { rows: 1 + r.below(1200), columns: 1 + r.below(1200) };
      let window = WHOLE;
      for (let turn = 0; turn < 20; turn++) {
        const point = { across: r.next(), down: r.next() };
        if (r.next() < 0.5) window = zoomAt(of, window, 0.2 + 3 * r.next(), point);
        else window = pan(of, window, { across: 2 * r.next() - 1, down: 2 * r.next() - 1 });
        const { rows, columns } = seen(of, window);
        expect(window.zoom).toBeGreaterThanOrEqual(1);
        expect(window.zoom).toBeLessThanOrEqual(mostZoom(of));
        expect(Math.min(window.top, window.left)).toBeGreaterThanOrEqual(0);
        expect(window.top + rows).toBeLessThanOrEqual(of.rows + 1e-9);
        expect(window.left + columns).toBeLessThanOrEqual(of.columns + 1e-9);
        const cell = cellAt(of, window, point);
        expect(cell !== undefined && cell.query < of.rows && cell.key < of.columns).toBe(true);
      }
    }
  });

  it('zooms around a point, which stays on its cell', () => {
    const point = { across: 0.3, down: 0.8 };
    const window = zoomAt(size, WHOLE, 4, point);
    expect(window.zoom).toBe(4);
    expect(cellAt(size, window, point)).toEqual(cellAt(size, WHOLE, point));
    expect(zoomAt(size, window, 0.01, point)).toEqual(WHOLE);
  });

  it('moves just enough to show a cell', () => {
    const window = { zoom: 10, top: 40, left: 40 };
    expect(reveal(size, window, { query: 45, key: 49 })).toEqual(window);
    expect(reveal(size, window, { query: 50, key: 39 })).toEqual({ zoom: 10, top: 41, left: 39 });
  });

  it('is written down in whole tokens and found again', () => {
    expect(toZoom(size, WHOLE)).toBeUndefined();
    const zoom = toZoom(size, { zoom: 4, top: 10, left: 50 });
    expect(zoom).toEqual({ queries: [10, 34], keys: [50, 74] });
    expect(fromZoom(size, zoom)).toEqual({ zoom: 4, top: 10, left: 50 });
    expect(fromZoom(size, undefined)).toEqual(WHOLE);
  });

  it('that was opened from an address has that address again', () => {
    const r = random(4);
    for (let turn = 0; turn < 500; turn++) {
      const rows = 80 + r.below(200);
      const size = { rows, columns: turn % 2 === 0 ? rows : 80 + r.below(200) };
      const wanted = { zoom: 1 + r.next() * mostZoom(size), top: r.next() * rows, left: r.next() * rows };
      const zoom = toZoom(size, clampWindow(size, wanted));
      expect(toZoom(size, fromZoom(size, zoom))).toEqual(zoom);
    }
  });

  it('of another, smaller pattern becomes the nearest that there is', () => {
    expect(fromZoom({ rows: 20, columns: 20 }, { queries: [10, 34], keys: [50, 74] })).toEqual(WHOLE);
    expect(clampWindow({ rows: 20, columns: 20 }, { zoom: 50, top: 90, left: -3 })).toEqual({
      zoom: 5,
      top: 16,
      left: 0,
    });
  });

  it('has no cell outside the plot', () => {
    expect(cellAt(size, WHOLE, { across: 1, down: 0.5 })).toBeUndefined();
    expect(cellAt(size, WHOLE, { across: 0.5, down: -0.01 })).toBeUndefined();
    expect(cellAt(size, WHOLE, { across: Number.NaN, down: 0 })).toBeUndefined();
  });
});

describe('the labels of an axis', () => {
  it('are all tokens where they fit, and every second, fifth, tenth where they do not', () => {
    const axis = { first: 0, length: 20, pixels: 400, spacing: 13, count: 20 };
    expect(labelledPositions(axis).positions).toHaveLength(20);
    expect(labelledPositions({ ...axis, pixels: 200 })).toEqual({
      step: 2,
      positions: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
    });
    expect(labelledPositions({ ...axis, length: 1024, count: 1024 }).step).toBe(50);
  });

  it('stay apart by the spacing and inside the axis', () => {
    for (let seed = 0; seed < 300; seed++) {
      const r = random(seed);
      const count = 1 + r.below(2000);
      const length = count / (1 + r.below(8));
      const first = r.next() * (count - length);
      const axis = { first, length, pixels: 40 + r.below(900), spacing: 13, count };
      const { step, positions } = labelledPositions(axis);
      expect((step * axis.pixels) / length).toBeGreaterThanOrEqual(13 - 1e-9);
      for (const position of positions) {
        expect(position + 0.5).toBeGreaterThanOrEqual(first - 1e-9);
        expect(position + 0.5).toBeLessThanOrEqual(first + length + 1e-9);
        expect(position % step).toBe(0);
      }
    }
  });
});
