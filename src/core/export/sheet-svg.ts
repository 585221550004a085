import { visibleKeys } from '../pattern.ts';
import { paletteOf } from '../view/palette.ts';
import { seen } from '../view/plot-window.ts';
import { plotSheet, type SheetContent, type SheetText } from './plot-sheet.ts';

/** Font families as the site has them, and what stands in for them elsewhere. */
const FACES = {
  text: "'Source Serif 4', Georgia, 'Times New Roman', serif",
  mono: "'JetBrains Mono', ui-monospace, Menlo, monospace",
} as const;

/**
 * A figure as a standalone SVG document: text stays text, and cells are shapes (neighbours of one colour joined),
 * so that it can be edited and scaled for print. Only the part of the pattern in sight is drawn.
 */
export function sheetSvg(content: SheetContent): string {
  const sheet = plotSheet(content);
  const { plot, bar } = sheet;
  const { rows, columns } = seen(content.pattern, content.window);
  const { top, left } = content.window;
  const gradient = sheet.stops.map(
    (colour, at) => `<stop offset="${short(at / (sheet.stops.length - 1))}" stop-color="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}" viewBox="0 0 ${sheet.width} ${sheet.height}">`,
    `<title>${escaped(content.title)}</title>`,
    `<defs><linearGradient id="map">${gradient.join('')}</linearGradient></defs>`,
    `<rect width="100%" height="100%" fill="${sheet.paper}"/>`,
    `<svg x="${plot.x}" y="${plot.y}" width="${short(plot.width)}" height="${short(plot.height)}" viewBox="${short(left)} ${short(top)} ${short(columns)} ${short(rows)}" preserveAspectRatio="none" overflow="hidden" shape-rendering="crispEdges">`,
    ...cells(content),
    '</svg>',
    box(plot, 'none', sheet.hairline),
    box(bar, 'url(#map)', sheet.hairline),
    ...sheet.ticks.map((x) => `<path d="M${short(x)} ${bar.y + bar.height}v4" stroke="${sheet.tickInk}"/>`),
    ...sheet.texts.map(textElement),
    '</svg>',
    '',
  ].join('\n');
}

function box(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  fill: string,
  stroke: string,
): string {
  return `<rect x="${x}" y="${y}" width="${short(width)}" height="${short(height)}" fill="${fill}" stroke="${stroke}"/>`;
}

/** One path a colour; a run of cells of one colour in a row is one box. */
function cells({ pattern, window, scale, theme }: SheetContent): string[] {
  const { level, table } = paletteOf(theme, scale);
  const { rows, columns } = seen(pattern, window);
  const lastRow = Math.min(pattern.rows, Math.ceil(window.top + rows));
  const lastColumn = Math.min(pattern.columns, Math.ceil(window.left + columns));
  const paths = new Map<number, string[]>();
  for (let row = Math.floor(window.top); row < lastRow; row++) {
    const end = Math.min(lastColumn, visibleKeys(pattern, row));
    const levelAt = (column: number) => level(pattern.values[row * pattern.columns + column] ?? 0);
    for (let column = Math.floor(window.left); column < end;) {
      const start = column;
      const colour = levelAt(start);
      while (column < end && levelAt(column) === colour) column++;
      const path = paths.get(colour) ?? [];
      path.push(`M${start} ${row}h${column - start}v1h-${column - start}z`);
      paths.set(colour, path);
    }
  }
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([colour, path]) => `<path fill="${hex(table, colour)}" d="${path.join('')}"/>`);
}

function hex(table: Uint8Array, level: number): string {
  const bytes = table.subarray(level * 3, level * 3 + 3);
  return `#${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function textElement({ text, x, y, size, anchor, face, isStrong, isUpright, ink }: SheetText): string {
  const place = isUpright
    ? `transform="translate(${short(x)} ${short(y)}) rotate(-90)"`
    : `x="${short(x)}" y="${short(y)}"`;
  const weight = isStrong ? ' font-weight="600"' : '';
  const joins = face === 'mono' ? ' style="font-variant-ligatures:none"' : '';
  return `<text ${place} font-family="${FACES[face]}" font-size="${size}"${weight} text-anchor="${anchor}" dy="0.35em" fill="${ink}" xml:space="preserve"${joins}>${escaped(text)}</text>`;
}

/** Characters that XML reserves, escaped; those that it does not allow at all, replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\b\v\f\x0e-\x1f\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
