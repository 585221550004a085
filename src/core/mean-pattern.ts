import { layoutSize, type Layout } from '../schema/stacks.ts';
import { patternOf, type Pattern } from './pattern.ts';

/** A layout as large as the largest of `layouts` that are of the first one's kind; undefined where there are none. */
export function largestLayout(layouts: readonly Layout[]): Layout | undefined {
  const [first] = layouts;
  if (first === undefined) return undefined;
  const sizes = layouts.filter(({ kind }) => kind === first.kind).map(layoutSize);
  const rows = Math.max(...sizes.map((size) => size.rows));
  return first.kind === 'rectangle'
    ? { kind: 'rectangle', rows, columns: Math.max(...sizes.map((size) => size.columns)) }
    : { kind: first.kind, n: rows };
}

/** Adds up the patterns of one head, position by position. */
export interface PatternSum {
  /** A pattern of another kind than the sum's is left out: its positions mean something else. */
  add(pattern: Pattern): void;
  /** At query i and key j the mean over those patterns that have a query i and a key j; 0 where none has. */
  mean(): Pattern;
}

/** @param layout at least as large as that of every pattern to come */
export function patternSum(layout: Layout): PatternSum {
  const { rows, columns } = layoutSize(layout);
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  return {
    add(pattern) {
      if (pattern.layout.kind !== layout.kind) return;
      for (let query = 0; query < pattern.rows; query++) {
        const from = query * pattern.columns;
        const to = query * columns;
        for (let key = 0; key < pattern.columns; key++) {
          sums[to + key] = (sums[to + key] ?? 0) + (pattern.values[from + key] ?? 0);
          counts[to + key] = (counts[to + key] ?? 0) + 1;
        }
      }
    },
    mean: () =>
      patternOf(
        layout,
        Float32Array.from(sums, (sum, at) => sum / Math.max(1, counts[at] ?? 0)),
      ),
  };
}
