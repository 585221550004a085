import { gramOfRows } from './gram.ts';
import type { Pattern } from './pattern.ts';

const MOST_QUERIES = 256;
const MOST_SWEEPS = 30;

/** The singular values of a pattern, largest first; of 256 queries, evenly spread, where there are more. */
export function singularValues(pattern: Pattern): number[] {
  const { rows, columns } = pattern;
  const count = Math.min(rows, MOST_QUERIES);
  const queries = Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * rows) / count));
  const gram = gramOfRows(pattern, queries);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < row; column++) gram[column * count + row] = gram[row * count + column] ?? 0;
  }
  return eigenvalues(gram, count)
    .map((value) => Math.sqrt(Math.max(0, value)))
    .sort((a, b) => b - a)
    .slice(0, Math.min(count, columns));
}

/** The eigenvalues of a symmetric matrix `[side, side]`, which is used up (Jacobi's cyclic method). */
function eigenvalues(matrix: Float64Array, side: number): number[] {
  const at = (row: number, column: number) => matrix[row * side + column] ?? 0;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    let all = 0;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        all += at(row, column) ** 2;
        if (row !== column) off += at(row, column) ** 2;
      }
    }
    if (off <= 1e-18 * all) break;
    for (let p = 0; p < side; p++) for (let q = p + 1; q < side; q++) rotate(matrix, side, p, q);
  }
  return Array.from({ length: side }, (_, place) => at(place, place));
}

/** Turns rows and columns p and q so that the cell at (p, q) becomes 0. */
function rotate(matrix: Float64Array, side: number, p: number, q: number): void {
  const apq = matrix[p * side + q] ?? 0;
  if (apq === 0) return;
  const theta = ((matrix[q * side + q] ?? 0) - (matrix[p * side + p] ?? 0)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < side; k++) {
    const kp = matrix[k * side + p] ?? 0;
    const kq = matrix[k * side + q] ?? 0;
    matrix[k * side + p] = c * kp - s * kq;
    matrix[k * side + q] = s * kp + c * kq;
  }
  for (let k = 0; k < side; k++) {
    const pk = matrix[p * side + k] ?? 0;
    const qk = matrix[q * side + k] ?? 0;
    matrix[p * side + k] = c * pk - s * qk;
    matrix[q * side + k] = s * pk + c * qk;
  }
}
