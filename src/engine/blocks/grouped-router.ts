import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { softCap } from './attention.ts';
import { normalizeGates, topExperts, type Choice } from './experts.ts';
import { linear } from './linear.ts';

interface Groups {
  readonly experts: number;
  /** Experts stand in so many groups, of which `kept` are looked at. */
  readonly groups: number;
  readonly kept: number;
}

/**
 * 1 where an expert's group is kept and 0 elsewhere, `[tokens, experts]`.
 *
 * @param ofGroup what a group is worth, `[tokens, groups]`, from its scores, `[tokens, groups, experts / groups]`
 */
export function keptGroups(
  graph: GraphBuilder,
  scores: Value,
  { experts, groups, kept }: Groups,
  ofGroup: (scores: Value) => Value,
): Value {
  const apart = graph.reshape(scores, [-1, groups, experts / groups]);
  const worth = ofGroup(apart); // [tokens, groups]
  const { experts: best, gates } = topExperts(graph, worth, kept);
  const ones = graph.op('Expand', [graph.floats([1], [1, 1]), graph.op('Shape', [gates])]);
  const mask = graph.op('ScatterElements', [graph.scale(worth, 0), best, ones], { axis: { int: 1 } });
  const each = graph.op('Expand', [
    graph.reshape(mask, [-1, groups, 1]),
    graph.integers([1, 1, experts / groups]),
  ]);
  return graph.reshape(each, [-1, experts]);
}

interface SigmoidRouter extends Groups {
  readonly width: number;
  readonly k: number;
  readonly normalized: boolean;
  /** What the gates are multiplied by. */
  readonly factor: number;
  /** The tensor that is added to the scores for the choice only; none if left out. */
  readonly correction?: string | undefined;
  /** What is added to the sum of gates before they are divided by it; 1e-20 if left out. */
  readonly trifle?: number;
  /** Bounds the scores softly before the sigmoid. */
  readonly cap?: number | undefined;
}

/** DeepSeek-V3's router: sigmoids, a correction that balances the choice, and groups worth their two best. */
export function sigmoidRouter(scope: Scope, name: string, x: Value, options: SigmoidRouter): Choice {
  const { width, experts, groups, k, normalized, factor, correction, trifle = 1e-20 } = options;
  const { graph } = scope;
  const products = linear(scope, name, x, { inputs: width, outputs: experts });
  const scores = graph.sigmoid(softCap(graph, products, options.cap));
  const corrected =
    correction === undefined ? scores : graph.add(scores, scope.weight(correction, [experts]));
  const twoBest = (apart: Value) => graph.reshape(graph.sum(topTwo(graph, apart)), [-1, groups]);
  const isKept = groups === 1 ? undefined : keptGroups(graph, corrected, options, twoBest);
  const open =
    isKept === undefined ? corrected : graph.add(corrected, graph.scale(graph.shift(isKept, -1), 1e30));
  const { experts: chosen } = topExperts(graph, open, k);
  const gates = graph.op('GatherElements', [scores, chosen], { axis: { int: 1 } });
  const shares = normalized ? normalizeGates(graph, gates, trifle) : gates;
  return { experts: chosen, gates: graph.scale(shares, factor) };
}

function topTwo(graph: GraphBuilder, apart: Value): Value {
  return topExperts(graph, apart, 2).gates;
}
