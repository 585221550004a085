/** Points on their first two principal axes. */
interface OnAxes {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** The share of the points' variance that the two hold, from 0 to 1; 0 where there is none. */
  readonly held: number;
}

const TURNS = 500;

/**
 * The first two principal components of points whose columns have mean 0, by power iteration on the covariance (Hotelling 1933).
 * Each axis is turned so that its largest entry is positive.
 *
 * @param points `[points, width]`
 */
export function principalAxes(points: Float32Array, width: number): OnAxes {
  const covariance = covarianceOf(points, width);
  const total = covariance.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  const one = dominant(covariance);
  for (const [at, row] of covariance.entries()) {
    for (const across of row.keys()) {
      row[across] = (row[across] ?? 0) - one.value * (one.axis[at] ?? 0) * (one.axis[across] ?? 0);
    }
  }
  const two = dominant(covariance);
  return {
    first: projected(points, width, one.axis),
    second: projected(points, width, two.axis),
    held: total > 0 ? Math.min(1, (one.value + two.value) / total) : 0,
  };
}

function covarianceOf(points: Float32Array, width: number): number[][] {
  const count = width === 0 ? 0 : points.length / width;
  const sums = Array.from({ length: width }, () => Array<number>(width).fill(0));
  for (let point = 0; point < count; point++) {
    for (const [at, row] of sums.entries()) {
      const value = points[point * width + at] ?? 0;
      for (let across = 0; across < width; across++) {
        row[across] = (row[across] ?? 0) + value * (points[point * width + across] ?? 0);
      }
    }
  }
  return sums.map((row) => row.map((sum) => sum / Math.max(1, count)));
}

/** The eigenvector of a symmetric matrix with the largest eigenvalue; all zero where the matrix is. */
function dominant(matrix: readonly (readonly number[])[]): { axis: number[]; value: number } {
  let axis = matrix.map((_, at) => 1 + at / 7); // not along an eigenvector of any matrix that is likely
  let value = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const next = matrix.map((row) => row.reduce((sum, entry, at) => sum + entry * (axis[at] ?? 0), 0));
    value = Math.hypot(...next);
    if (value < 1e-12) return { axis: matrix.map(() => 0), value: 0 };
    axis = next.map((entry) => entry / value);
  }
  const largest = axis.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most), 0);
  return { axis: largest < 0 ? axis.map((entry) => -entry) : axis, value };
}

function projected(points: Float32Array, width: number, axis: readonly number[]): Float32Array {
  const count = width === 0 ? 0 : points.length / width;
  return Float32Array.from({ length: count }, (_, point) =>
    axis.reduce((sum, entry, at) => sum + entry * (points[point * width + at] ?? 0), 0),
  );
}
