import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

interface RelativeBias {
  readonly heads: number;
  readonly buckets: number;
  /** Distances from here on share the last bucket. */
  readonly farthest: number;
  /** Whether keys behind the query have buckets of their own. */
  readonly bidirectional: boolean;
}

/**
 * T5's bias of scores by the distance of query and key (Raffel et al. 2020), `[1, heads, n, n]`.
 *
 * @param name a tensor `NAME.weight`, `[buckets, heads]`
 */
export function relativeBias(
  scope: Scope,
  name: string,
  { heads, buckets, farthest, bidirectional }: RelativeBias,
): Value {
  const { graph, sequence } = scope;
  const own = bidirectional ? buckets / 2 : buckets;
  const table = graph.integers(
    Array.from({ length: farthest + 1 }, (_, distance) => bucketOf(distance, own, farthest)),
  );
  const queries = graph.reshape(sequence.positions, [-1, 1]);
  const ahead = graph.op('Sub', [sequence.positions, queries]); // [n, n]: key - query
  const zero = graph.integers([0], []);
  const distance = bidirectional
    ? graph.op('Abs', [ahead])
    : graph.op('Max', [graph.op('Neg', [ahead]), zero]);
  const near = graph.gather(table, graph.op('Min', [distance, graph.integers([farthest], [])]));
  const isAhead = graph.op('Greater', [ahead, zero]);
  const offset = graph.op('Where', [isAhead, graph.integers([own], []), zero]);
  const bucket = bidirectional ? graph.op('Add', [near, offset]) : near;
  const rows = graph.gather(scope.weight(`${name}.weight`, [buckets, heads]), bucket); // [n, n, heads]
  return graph.op('Unsqueeze', [graph.transpose(rows, [2, 0, 1]), graph.integers([0])]);
}

/** Half of the buckets for one distance each, the other half wider and wider; in float32, where a boundary may fall. */
function bucketOf(distance: number, buckets: number, farthest: number): number {
  const exact = Math.floor(buckets / 2);
  if (distance < exact) return distance;
  const logarithm = Math.fround(Math.log(Math.fround(distance / exact)));
  const share = Math.fround(logarithm / Math.fround(Math.log(farthest / exact)));
  return Math.min(exact + Math.trunc(Math.fround(share * (buckets - exact))), buckets - 1);
}
