import type { MatrixOutput } from './figure.ts';

/** Fainter cells are not drawn: no eye sees them. */
const LEAST = 0.02;

type Scale = 'linear' | 'sqrt' | 'log';

/**
 * A matrix as SVG, one square a cell: the ink of the page for what is above 0, `--accent` for what is below.
 *
 * @param scale how values become strength of colour
 */
export function matrixSvg(output: MatrixOutput, scale?: Scale): string {
  const { rows, columns } = output;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns} ${rows}" shape-rendering="crispEdges" aria-hidden="true">${matrixCells(output, scale)}</svg>`;
}

/** The squares of `matrixSvg`, each 1 x 1. */
export function matrixCells(
  { columns, values, scale: { greatest } }: MatrixOutput,
  scale: Scale = 'sqrt',
): string {
  const cells = Array.from(values, (value, at) => {
    const share = strength(Math.abs(value) / greatest, scale);
    if (share < LEAST) return '';
    const fill = value < 0 ? 'var(--accent)' : 'currentColor';
    return `<rect x="${at % columns}" y="${Math.floor(at / columns)}" width="1" height="1" fill="${fill}" fill-opacity="${share.toFixed(2)}"/>`;
  });
  return cells.join('');
}

/** Of a share from 0 to 1; by logarithm, from a ten-thousandth on. */
function strength(share: number, scale: 'linear' | 'sqrt' | 'log'): number {
  const inside = Math.min(1, share);
  if (scale === 'linear') return inside;
  if (scale === 'sqrt') return Math.sqrt(inside);
  return inside <= 1e-4 ? 0 : 1 + Math.log10(inside) / 4;
}
