import type { MatrixOutput, PatternFigure } from './figure.ts';
import { matrixCells, matrixSvg } from './matrix-svg.ts';
import { escapeText, tokenLabel } from './svg-text.ts';

const CELL = 18;
const LETTER = 7;
const GAP = 6;

/**
 * A matrix as a drawing that can be read by itself: its cells, with what stands at rows and columns written beside them.
 * Without labels it is the cells alone.
 */
export function labelledMatrix(output: MatrixOutput, scale: PatternFigure['usualScale']): string {
  const { rows, columns, rowLabels, columnLabels, axes } = output;
  if (rowLabels === undefined || columnLabels === undefined) return matrixSvg(output, scale);
  const left = roomFor(rowLabels);
  const top = roomFor(columnLabels) + CELL;
  const text = (x: number, y: number, attributes: string, content: string) =>
    `<text x="${x}" y="${y}" ${attributes}>${escapeText(content)}</text>`;
  const names = [
    text(left - GAP, top - GAP, 'class="axis" text-anchor="end"', `${axes?.rows ?? 'query'} ↓`),
    text(left, CELL - GAP, 'class="axis"', `${axes?.columns ?? 'key'} →`),
    ...rowLabels.map((label, row) =>
      text(left - GAP, top + (row + 0.7) * CELL, 'text-anchor="end"', tokenLabel(label)),
    ),
    ...columnLabels.map((label, column) => {
      const x = left + (column + 0.7) * CELL;
      return text(x, top - GAP, `transform="rotate(-90 ${x} ${top - GAP})"`, tokenLabel(label));
    }),
  ];
  const [width, height] = [columns * CELL, rows * CELL];
  const style = `<style>text{font:${LETTER * 1.7}px monospace;fill:currentColor}.axis{font-style:italic;fill-opacity:.7}</style>`;
  const frame = `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="currentColor" stroke-opacity="0.3"/>`;
  const cells = `<g transform="translate(${left} ${top}) scale(${CELL})" shape-rendering="crispEdges">${matrixCells(output, scale)}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 1} ${top + height + 1}">${style}${cells}${frame}${names.join('')}</svg>`;
}

function roomFor(labels: readonly string[]): number {
  return 2 * GAP + LETTER * Math.max(7, ...labels.map((label) => [...tokenLabel(label)].length));
}
