import type { GraphBuilder, Value } from './graph/graph-builder.ts';
import type { Sequence } from './sequence.ts';

/** Shares of the next token, computed in the graph so that a run need not hand out `[n, vocabulary]`. */
export interface NextTokens {
  /** Cross-entropy in nats of token i + 1 after tokens 0..i, float32 `[batch, n - 1]`. */
  loss(): Value;
  /** The `count` likeliest next tokens, the likeliest first: `[batch, n, count]`. */
  top(count: number): { readonly ids: Value; readonly probabilities: Value };
}

/** @param logits `[batch, n, vocabulary]` of a causal stack */
export function nextTokens(graph: GraphBuilder, logits: Value, sequence: Sequence): NextTokens {
  const logShares = graph.op('LogSoftmax', [logits], { axis: { int: -1 } });
  const last = graph.op('Sub', [sequence.length, graph.integers([1])]);
  const part = (x: Value, from: Value, to: Value) => graph.op('Slice', [x, from, to, graph.integers([1])]);
  return {
    loss() {
      const next = part(sequence.ids, graph.integers([1]), sequence.length); // [batch, n - 1]
      const index = graph.op('Unsqueeze', [next, graph.integers([-1])]);
      const before = part(logShares, graph.integers([0]), last); // [batch, n - 1, vocabulary]
      const found = graph.op('GatherElements', [before, index], { axis: { int: -1 } });
      return graph.op('Neg', [graph.op('Squeeze', [found, graph.integers([-1])])]);
    },
    top(count) {
      const [best, ids] = graph.ops('TopK', [logShares, graph.integers([count])], 2) as [Value, Value];
      return { ids, probabilities: graph.op('Exp', [best]) };
    },
  };
}
