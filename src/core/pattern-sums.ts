import { sumOfLogs } from './fast-log.ts';
import { visibleKeys, type Pattern } from './pattern.ts';
import { remember } from './remember.ts';

/** Sums over a pattern that many metrics and figures are made of, found in one pass. */
export interface PatternSums {
  /** `[rows]`: all the attention of each query; less than 1 where a sink that is no token takes a part. */
  readonly rowSum: Float64Array;
  /** `[rows]`: the largest cell of each query. */
  readonly rowMax: Float64Array;
  /** `[rows]`: the sum of squares. */
  readonly rowSquares: Float64Array;
  /** `[rows]`: Σⱼ A ln A, at most 0; cells that are 0 add nothing. */
  readonly rowLogs: Float64Array;
  /** `[rows]`: Σⱼ A |i − j|, and with the square of the distance. */
  readonly rowFar: Float64Array;
  readonly rowFarSquares: Float64Array;
  /** `[columns]`: all the attention that each key receives. */
  readonly columnSum: Float64Array;
  /** `[rows + columns - 1]`: the sum over the cells with i − j = index − (columns − 1). */
  readonly distanceSum: Float64Array;
  /** The same, of squares. */
  readonly distanceSquares: Float64Array;
}

/** The sums of a pattern, computed once as long as it is kept. */
export const sumsOf: (pattern: Pattern) => PatternSums = remember(computeSums);

function computeSums(pattern: Pattern): PatternSums {
  const { rows, columns, values } = pattern;
  const rowSum = new Float64Array(rows);
  const rowMax = new Float64Array(rows);
  const rowSquares = new Float64Array(rows);
  const rowLogs = new Float64Array(rows);
  const rowFar = new Float64Array(rows);
  const rowFarSquares = new Float64Array(rows);
  const columnSum = new Float64Array(columns);
  const distanceSum = new Float64Array(rows + columns - 1);
  const distanceSquares = new Float64Array(rows + columns - 1);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let query = 0; query < rows; query++) {
    const keys = visibleKeys(pattern, query);
    const start = query * columns;
    const farthest = query + columns - 1;
    let sum = 0;
    let squares = 0;
    let most = 0;
    let far = 0;
    let farSquares = 0;
    for (let key = 0; key < keys; key++) {
      const value = values[start + key] ?? 0;
      if (value === 0) continue;
      const square = value * value;
      const distance = Math.abs(query - key);
      far += value * distance;
      farSquares += value * distance * distance;
      sum += value;
      squares += square;
      if (value > most) most = value;
      columnSum[key] = (columnSum[key] ?? 0) + value;
      distanceSum[farthest - key] = (distanceSum[farthest - key] ?? 0) + value;
      distanceSquares[farthest - key] = (distanceSquares[farthest - key] ?? 0) + square;
    }
    rowSum[query] = sum;
    rowMax[query] = most;
    rowSquares[query] = squares;
    rowLogs[query] = sumOfLogs(values, bits, start, start + keys);
    rowFar[query] = far;
    rowFarSquares[query] = farSquares;
  }
  return {
    rowSum,
    rowMax,
    rowSquares,
    rowLogs,
    rowFar,
    rowFarSquares,
    columnSum,
    distanceSum,
    distanceSquares,
  };
}

/** How many cells of `layout` lie at each distance, indexed as `distanceSum`. */
export function distanceCells(pattern: Pattern): Float64Array {
  const { rows, columns, layout } = pattern;
  return Float64Array.from({ length: rows + columns - 1 }, (_, index) => {
    const distance = index - (columns - 1);
    if (layout.kind === 'causal' && distance < 0) return 0;
    return Math.min(rows, columns + distance) - Math.max(0, distance);
  });
}
