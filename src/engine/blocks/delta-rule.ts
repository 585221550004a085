import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { CHUNK, chunksOf, decayOf, swapped, tokenMatrix } from './chunks.ts';

interface DeltaSizes {
  /** Key heads. */
  readonly groups: number;
  /** Value heads of each. */
  readonly members: number;
  readonly keySize: number;
  readonly valueSize: number;
}

interface DeltaInputs {
  /** `[tokens, groups * keySize]`, and so are the keys. */
  readonly queries: Value;
  readonly keys: Value;
  /** `[tokens, groups * members * valueSize]` */
  readonly values: Value;
  /** The logarithm of what each token leaves of the state, `[tokens, groups * members]`. */
  readonly logs: Value;
  /** How much of what the state says of a key is replaced, `[tokens, groups * members]`. */
  readonly rates: Value;
}

/** What the length of queries and keys is kept from being 0 by. */
const EPSILON = 1e-6;

/**
 * The gated delta rule (Yang et al. 2024): S = a (S - r k (kᵀ S)) + r k vᵀ of every token, read as qᵀ S / sqrt(size), with
 * queries and keys of length 1. Within a stretch of tokens the corrections are a triangular system; from one to the next
 * goes the state.
 *
 * @returns `[tokens, groups * members * valueSize]`
 */
export function deltaRule(scope: Scope, inputs: DeltaInputs, sizes: DeltaSizes): Value {
  const { groups, members, keySize, valueSize } = sizes;
  const { graph, sequence } = scope;
  const chunks = chunksOf(scope);
  const unit = (x: Value) => {
    const apart = graph.reshape(x, [-1, groups, keySize]);
    const length = graph.op('Sqrt', [graph.shift(graph.sum(graph.multiply(apart, apart)), EPSILON)]);
    return chunks.split(
      graph.reshape(graph.divide(apart, length), [-1, groups * keySize]),
      groups,
      1,
      keySize,
    );
  };
  const query = graph.scale(unit(inputs.queries), 1 / Math.sqrt(keySize));
  const key = unit(inputs.keys);
  const value = chunks.split(inputs.values, groups, members, valueSize);
  const rate = chunks.split(inputs.rates, groups, members, 1);
  const decay = decayOf(graph, chunks.split(inputs.logs, groups, members, 1));

  const alike = graph.multiply(graph.matmul(key, swapped(graph, key)), decay.within);
  const solve = inverse(graph, graph.multiply(alike, rate));
  const added = graph.matmul(solve, graph.multiply(value, rate)); // [..., CHUNK, valueSize]
  const replaced = graph.matmul(solve, graph.multiply(key, graph.multiply(rate, decay.fromStart)));
  const near = graph.multiply(graph.matmul(query, swapped(graph, key)), decay.within);
  const far = graph.multiply(query, decay.fromStart);
  const kept = swapped(graph, graph.multiply(key, decay.toEnd)); // [..., keySize, CHUNK]

  const batch = graph.slice(sequence.shape(), 0, 0, 1);
  const sides = graph.integers([groups, members, keySize, valueSize]);
  const start = graph.op('Expand', [graph.floats([0], [1]), graph.concat([batch, sides], 0)]);
  const [read] = graph.scan(
    [start],
    [added, replaced, near, far, kept, graph.op('Exp', [decay.whole])],
    ([state], [fresh, old, inside, before, keys, left]) => {
      const change = graph.subtract(fresh, graph.matmul(old, state));
      const seen = graph.add(graph.matmul(before, state), graph.matmul(inside, change));
      const next = graph.add(graph.multiply(state, left), graph.matmul(keys, change));
      return { states: [next], outputs: [seen] };
    },
    3,
  );
  return chunks.join(read, groups * members * valueSize);
}

/**
 * (I + L)⁻¹ of what stands below the diagonal, `[..., CHUNK, CHUNK]`: blocks of two inverses and what couples them are
 * one twice as large, [A 0; C B]⁻¹ = [A⁻¹ 0; -B⁻¹ C A⁻¹ B⁻¹].
 */
function inverse(graph: GraphBuilder, lower: Value): Value {
  let known = tokenMatrix(graph, (row, column) => (row === column ? 1 : 0));
  for (let size = 1; size < CHUNK; size *= 2) {
    const couples = tokenMatrix(graph, (row, column) => {
      const [above, left] = [Math.floor(row / size), Math.floor(column / size)];
      return above % 2 === 1 && left === above - 1 ? 1 : 0;
    });
    const coupling = graph.matmul(graph.matmul(known, graph.multiply(lower, couples)), known);
    known = graph.subtract(known, coupling);
  }
  return known;
}
