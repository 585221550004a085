import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { linear } from './linear.ts';

/** Which experts each token goes to, and how much each counts. */
export interface Choice {
  /** int64 `[tokens, k]` */
  readonly experts: Value;
  /** `[tokens, k]` */
  readonly gates: Value;
}

/** The k experts with the highest scores, `[tokens, experts]`, and their scores. */
export function topExperts(graph: GraphBuilder, scores: Value, k: number): Choice {
  const [gates, experts] = graph.ops('TopK', [scores, graph.integers([k])], 2, { axis: { int: -1 } }) as [
    Value,
    Value,
  ];
  return { experts, gates };
}

/** Gates divided by their sum, to which a trifle may be added. */
export function normalizeGates(graph: GraphBuilder, gates: Value, trifle = 0): Value {
  const sum = graph.sum(gates);
  return graph.divide(gates, trifle === 0 ? sum : graph.shift(sum, trifle));
}

interface Mixture {
  readonly experts: number;
  /** Experts a token. */
  readonly k: number;
  readonly width: number;
  /** One expert on the tokens that go to it, `[m, width]`. */
  readonly expert: (index: number, x: Value) => Value;
}

/**
 * Runs each expert on the entries that chose it and on no others.
 *
 * @param chosen the expert of each entry, int64 `[tokens, k]`
 * @param expert an expert on entries, whose numbers are `[m]`: token * k + place
 * @returns `[tokens * k, ...]`
 */
export function throughExperts(
  graph: GraphBuilder,
  chosen: Value,
  experts: number,
  expert: (index: number, here: Value) => Value,
): Value {
  const entries = graph.reshape(chosen, [-1]); // [tokens * k]
  const order: Value[] = []; // entries, by expert
  const outputs: Value[] = [];
  for (let index = 0; index < experts; index++) {
    const isHere = graph.op('Equal', [entries, graph.integers([index])]);
    const here = graph.reshape(graph.op('NonZero', [isHere]), [-1]); // [m]
    order.push(here);
    outputs.push(expert(index, here));
  }
  const sorted = graph.concat(order, 0); // [tokens * k]
  const count = graph.reshape(graph.op('Shape', [sorted]), graph.integers([], [0]));
  const places = graph.op('Range', [graph.integers([0], []), count, graph.integers([1], [])]);
  const inverse = graph.op('ScatterElements', [places, sorted, places]); // where each entry's output lies
  return graph.gather(graph.concat(outputs, 0), inverse);
}

/** The entries of each token, `[tokens * k, width]`, times their gates, `[tokens, k]`, summed: `[tokens, width]`. */
export function gatedSum(graph: GraphBuilder, entries: Value, gates: Value, k: number, width: number): Value {
  const byToken = graph.reshape(entries, [-1, k, width]);
  return graph.reshape(graph.matmul(graph.reshape(gates, [-1, 1, k]), byToken), [-1, width]);
}

/**
 * A mixture of experts (Shazeer et al. 2017).
 *
 * @param x `[tokens, width]`, and so is the result
 */
export function mixture(
  { graph }: Scope,
  x: Value,
  choice: Choice,
  { experts, k, width, expert }: Mixture,
): Value {
  const perToken = graph.integers([k]);
  const outputs = throughExperts(graph, choice.experts, experts, (index, here) =>
    expert(index, graph.gather(x, graph.op('Div', [here, perToken]))),
  );
  return gatedSum(graph, outputs, choice.gates, k, width);
}

/** The k experts that a softmax over all of them prefers, their gates normalised to a sum of 1 where asked for. */
export function softmaxChoice(graph: GraphBuilder, scores: Value, k: number, normalized: boolean): Choice {
  const choice = topExperts(graph, graph.softmax(scores), k);
  return normalized ? { ...choice, gates: normalizeGates(graph, choice.gates) } : choice;
}

interface SoftmaxRouter {
  readonly width: number;
  readonly experts: number;
  readonly k: number;
  readonly normalized: boolean;
}

/** The usual router: one matrix, and a softmax over all experts. */
export function softmaxRouter(scope: Scope, name: string, x: Value, options: SoftmaxRouter): Choice {
  const { width, experts, k, normalized } = options;
  return softmaxChoice(
    scope.graph,
    linear(scope, name, x, { inputs: width, outputs: experts }),
    k,
    normalized,
  );
}
