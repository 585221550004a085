import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import { giveHeadExtras, type OutputMatrix } from './head-extras.ts';
import { joinHeads } from './heads.ts';

/** What one layer attends with. */
export interface AttentionInputs {
  /** `[batch, heads, n, size]` */
  readonly query: Value;
  /** `[batch, shared, n, size]`: several query heads may share a key head */
  readonly key: Value;
  /** `[batch, shared, n, valueSize]` */
  readonly value: Value;
  readonly heads: number;
  /** Key heads; as many as query heads if left out. */
  readonly shared?: number;
  readonly valueSize: number;
  /** What scores are multiplied by. */
  readonly scale: number;
  /** Bounds scores softly: cap * tanh(score / cap) (Gemma 2). */
  readonly cap?: number | undefined;
  /** Added to the scores; broadcast to `[batch, heads, n, n]`. */
  readonly bias?: Value | undefined;
  /** One score a head that takes part in the softmax and is then dropped, `[heads]` (gpt-oss). */
  readonly sinks?: Value | undefined;
  /** Through which the heads write to the stream; left out where more than a matrix stands there. */
  readonly output?: OutputMatrix | undefined;
}

/**
 * Attention of a layer: softmax(scale q kᵀ + bias + mask) v (Vaswani et al. 2017), the mask as the layer sees. The
 * pattern and the extras of the heads go to the scope.
 *
 * @returns what the heads read, side by side: `[tokens, heads * valueSize]`
 */
export function attend(scope: LayerScope, inputs: AttentionInputs): Value {
  const { graph } = scope;
  const {
    query,
    key,
    value,
    heads,
    shared = heads,
    valueSize: size,
    scale,
    cap,
    bias,
    sinks,
    output,
  } = inputs;
  const isGrouped = shared !== heads;
  // The query heads of one key head lie side by side: as rows of one matrix they need no copies of the key.
  const group = (x: Value) => (isGrouped ? graph.reshape(x, [0, shared, -1, 0]) : x);
  const ungroup = (x: Value, columns: number) => (isGrouped ? graph.reshape(x, [0, heads, -1, columns]) : x);

  const products = graph.matmul(group(query), graph.transpose(key, [0, 1, 3, 2]));
  let scores = graph.scale(ungroup(products, 0), scale); // [batch, heads, n, n]
  scores = softCap(graph, scores, cap);
  if (bias !== undefined) scores = graph.add(scores, bias);
  const mask = maskOf(scope);
  if (mask !== undefined) scores = graph.add(scores, mask);
  const weights = sinks === undefined ? graph.softmax(scores) : softmaxWithSinks(scope, scores, sinks, heads);
  scope.pattern(weights);
  const read = ungroup(graph.matmul(group(weights), value), size); // [batch, heads, n, size]
  giveHeadExtras(scope, { scores, value, read, heads, shared, size, output });
  return joinHeads(graph, scope.edited(read, heads, size), heads, size);
}

function maskOf({ layer, sequence }: LayerScope): Value | undefined {
  if (layer.kind === 'none') throw new RangeError('A layer without a pattern cannot attend');
  return sequence.mask(layer);
}

function softmaxWithSinks({ graph }: Scope, scores: Value, sinks: Value, heads: number): Value {
  const one = graph.integers([1]);
  const size = graph.op('Shape', [scores]);
  const columns = graph.slice(size, 0, 3, 4); // [1]: n
  const column = graph.concat([graph.slice(size, 0, 0, 3), one], 0); // batch, heads, n, 1
  const sink = graph.op('Expand', [graph.reshape(sinks, [1, heads, 1, 1]), column]);
  const weights = graph.softmax(graph.concat([scores, sink], -1)); // [batch, heads, n, n + 1]
  return graph.op('Slice', [weights, graph.integers([0]), columns, graph.integers([3])]);
}

/** Bounds numbers softly, cap * tanh(x / cap), where there is a cap. */
export function softCap(graph: GraphBuilder, x: Value, cap: number | undefined): Value {
  return cap === undefined ? x : graph.scale(graph.op('Tanh', [graph.scale(x, 1 / cap)]), cap);
}
