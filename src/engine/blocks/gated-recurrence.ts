import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { recurrence } from './recurrence.ts';

/** How fast a recurrence forgets at most. */
const RATE = -8;

/** The real-gated linear recurrent unit (De et al. 2024) on `[tokens, width]`, its gates made by `heads` blocks. */
export function gatedRecurrence(
  scope: Scope,
  x: Value,
  { heads, width }: { readonly heads: number; readonly width: number },
): Value {
  const { graph, sequence } = scope;
  const size = width / heads;
  const byHead = graph.transpose(graph.reshape(x, [-1, heads, size]), [1, 0, 2]); // [heads, tokens, size]
  const gate = (name: string) => {
    const product = graph.matmul(byHead, scope.weight(`${name}_weight`, [heads, size, size]));
    const bias = graph.reshape(scope.weight(`${name}_bias`, [heads, size]), [heads, 1, size]);
    const rows = graph.transpose(graph.add(product, bias), [1, 0, 2]);
    return graph.sigmoid(graph.reshape(rows, [-1, width]));
  };
  const rate = graph.scale(graph.op('Softplus', [scope.weight('recurrent_param', [width])]), RATE);
  const logs = graph.multiply(gate('recurrent_gate'), rate);
  const left = graph.op('Exp', [logs]);
  // The first token starts the state, whole.
  const isFirst = graph.op('Equal', [graph.reshape(sequence.positions, [1, -1, 1]), graph.integers([0])]);
  const forgotten = graph.subtract(graph.floats([1]), graph.op('Exp', [graph.scale(logs, 2)]));
  const apart = graph.reshape(graph.op('Sqrt', [forgotten]), sequence.shape(width)); // [batch, n, width]
  const share = graph.reshape(graph.op('Where', [isFirst, graph.floats([1]), apart]), [-1, width]);
  const added = graph.multiply(graph.multiply(x, gate('input_gate')), share);
  return recurrence(scope, left, added, width);
}
