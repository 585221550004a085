import type { Pattern } from '../../core/pattern.ts';
import type { Palette } from '../../core/view/palette.ts';
import { seen, type PlotWindow } from '../../core/view/plot-window.ts';
import { rasterize } from '../../core/view/rasterize.ts';

/**
 * Draws the part of `pattern` that lies in `window` over the whole of `canvas`, in device pixels. Only what is in
 * sight is computed: cell by cell where a cell has a pixel or more, else pixel by pixel.
 */
export function drawPattern(
  canvas: HTMLCanvasElement,
  pattern: Pattern,
  window: PlotWindow,
  palette: Palette,
): void {
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  if (context === null || width === 0 || height === 0) return;
  context.clearRect(0, 0, width, height);
  const { rows, columns } = seen(pattern, window);
  const { level, table } = palette;
  if (rows > height || columns > width) {
    const steps = { rowStep: rows / height, columnStep: columns / width };
    const raster = { top: window.top, left: window.left, ...steps, width, height };
    context.putImageData(new ImageData(rasterize(pattern, raster, level, table), width, height), 0, 0);
    return;
  }
  const top = Math.floor(window.top);
  const left = Math.floor(window.left);
  const cells = {
    height: Math.min(pattern.rows, Math.ceil(window.top + rows - 1e-6)) - top,
    width: Math.min(pattern.columns, Math.ceil(window.left + columns - 1e-6)) - left,
  };
  const raster = { top, left, rowStep: 1, columnStep: 1, ...cells };
  const scratch = new OffscreenCanvas(cells.width, cells.height);
  scratch
    .getContext('2d')
    ?.putImageData(new ImageData(rasterize(pattern, raster, level, table), cells.width, cells.height), 0, 0);
  const across = width / columns;
  const down = height / rows;
  context.imageSmoothingEnabled = false;
  context.drawImage(
    scratch,
    (left - window.left) * across,
    (top - window.top) * down,
    cells.width * across,
    cells.height * down,
  );
}
