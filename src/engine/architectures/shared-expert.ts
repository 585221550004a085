import type { Activation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { gatedExperts } from '../blocks/stacked-experts.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

interface SharedExpert {
  readonly width: number;
  readonly experts: number;
  /** Experts a token. */
  readonly k: number;
  /** Width of an expert's hidden layer. */
  readonly inner: number;
  /** The same of the one that every token goes to. */
  readonly sharedInner: number;
  readonly normalized: boolean;
  readonly activation: Activation;
}

/** Experts beside one that every token goes to, as much as a gate lets it, as Qwen has them: `[tokens, width]`. */
export function withSharedExpert(scope: Scope, x: Value, options: SharedExpert): Value {
  const { graph } = scope;
  const { width, sharedInner, activation } = options;
  const choice = softmaxRouter(scope, 'gate', x, options);
  const chosen = mixture(scope, x, choice, { ...options, expert: gatedExperts(scope, options) });
  const shared = gatedFeedForward(scope.at('shared_expert'), x, { width, inner: sharedInner, activation });
  const gate = graph.sigmoid(linear(scope, 'shared_expert_gate', x, { inputs: width, outputs: 1 }));
  return graph.add(chosen, graph.multiply(gate, shared));
}
