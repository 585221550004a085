import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { chunksOf, decayOf, statesBefore, swapped } from './chunks.ts';

interface StateSpaceSizes {
  readonly heads: number;
  /** Coordinates of a head's values. */
  readonly size: number;
  /** Groups of heads that share keys and queries. */
  readonly groups: number;
  /** Coordinates of a key. */
  readonly state: number;
}

interface StateSpaceInputs {
  /** `[tokens, heads * size]` */
  readonly values: Value;
  /** By what values are added to the state and read from it, `[tokens, groups * state]`. */
  readonly keys: Value;
  readonly queries: Value;
  /** The logarithm of what each token leaves of the state, `[tokens, heads]`. */
  readonly logs: Value;
}

/**
 * h = e^log h + v kᵀ, read as h q, of every token (state space duality, Dao and Gu 2024): within a stretch of tokens as
 * attention that decays, from one to the next as a state.
 *
 * @returns `[tokens, heads * size]`
 */
export function stateSpace(
  scope: Scope,
  { values, keys, queries, logs }: StateSpaceInputs,
  { heads, size, groups, state }: StateSpaceSizes,
): Value {
  const { graph } = scope;
  const chunks = chunksOf(scope);
  const members = heads / groups;
  const decay = decayOf(graph, chunks.split(logs, groups, members, 1));
  const value = chunks.split(values, groups, members, size);
  const key = chunks.split(keys, groups, 1, state);
  const query = chunks.split(queries, groups, 1, state);
  const weights = graph.multiply(graph.matmul(query, swapped(graph, key)), decay.within); // [..., CHUNK, CHUNK]
  const near = graph.matmul(weights, value);
  const added = graph.matmul(swapped(graph, graph.multiply(value, decay.toEnd)), key); // [..., size, state]
  const states = statesBefore(graph, added, decay.whole);
  const far = graph.multiply(graph.matmul(query, swapped(graph, states)), decay.fromStart);
  return chunks.join(graph.add(near, far), heads * size);
}
