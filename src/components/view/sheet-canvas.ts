import { plotSheet, type SheetContent } from '../../core/export/plot-sheet.ts';
import { paletteOf } from '../../core/view/palette.ts';
import { drawPattern } from '../heatmap/draw-pattern.ts';

/**
 * A figure as a PNG with `zoom` pixels a unit of the sheet, in the fonts of the page.
 *
 * @throws Error where the browser cannot make a picture of that size
 */
export async function sheetPng(content: SheetContent, zoom: number): Promise<Blob> {
  const sheet = plotSheet(content);
  const { plot, bar } = sheet;
  const canvas = document.createElement('canvas');
  canvas.width = sheet.width * zoom;
  canvas.height = sheet.height * zoom;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw on.');
  context.scale(zoom, zoom);
  context.fillStyle = sheet.paper;
  context.fillRect(0, 0, sheet.width, sheet.height);

  const cells = document.createElement('canvas');
  cells.width = Math.round(plot.width * zoom);
  cells.height = Math.round(plot.height * zoom);
  drawPattern(cells, content.pattern, content.window, paletteOf(content.theme, content.scale));
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, plot.x, plot.y, plot.width, plot.height);

  const gradient = context.createLinearGradient(bar.x, 0, bar.x + bar.width, 0);
  sheet.stops.forEach((colour, at) => {
    gradient.addColorStop(at / (sheet.stops.length - 1), colour);
  });
  context.fillStyle = gradient;
  context.fillRect(bar.x, bar.y, bar.width, bar.height);
  context.strokeStyle = sheet.hairline;
  context.strokeRect(plot.x, plot.y, plot.width, plot.height);
  context.strokeRect(bar.x, bar.y, bar.width, bar.height);
  context.fillStyle = sheet.tickInk;
  for (const x of sheet.ticks) context.fillRect(x - 0.5, bar.y + bar.height, 1, 4);

  const style = getComputedStyle(document.documentElement);
  const families = { text: style.getPropertyValue('--text'), mono: style.getPropertyValue('--mono') };
  context.textBaseline = 'middle';
  for (const { text, x, y, size, anchor, face, isStrong, isUpright, ink } of sheet.texts) {
    context.save();
    context.translate(x, y);
    if (isUpright) context.rotate(-Math.PI / 2);
    context.font = `${isStrong ? '600 ' : ''}${size}px ${families[face]}`;
    // Letters that stand apart, however little, are not joined: `<|` stays two characters.
    context.letterSpacing = face === 'mono' ? '0.01px' : '0px';
    context.textAlign = anchor === 'middle' ? 'center' : anchor;
    context.fillStyle = ink;
    context.fillText(text, 0, 0);
    context.restore();
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('The picture is too large for this browser.');
  return blob;
}
