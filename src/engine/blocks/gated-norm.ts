import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { activationNamed } from './activation.ts';
import { rmsNorm } from './normalization.ts';

interface GatedNorm {
  readonly size: number;
  readonly groups: number;
  readonly epsilon: number;
  /** Whether it normalises first and gates then. */
  readonly before?: boolean;
}

const silu = activationNamed('silu', 'hidden_act');

/** x silu(gate), both `[tokens, size]`. */
export function siluGate({ graph }: Scope, x: Value, gate: Value): Value {
  return graph.multiply(x, silu(graph, gate));
}

/** A root-mean-square norm of each group of coordinates, with `norm.weight`, and a gate. */
export function gatedNorm({ size, groups, epsilon, before = false }: GatedNorm) {
  const bare = rmsNorm({ size: size / groups, epsilon, weight: false });
  const normed = (scope: Scope, x: Value): Value => {
    const { graph } = scope;
    const apart = bare(scope, '', graph.reshape(x, [-1, groups, size / groups]));
    return graph.multiply(graph.reshape(apart, [-1, size]), scope.weight('norm.weight', [size]));
  };
  return (scope: Scope, x: Value, gate: Value): Value =>
    before ? siluGate(scope, normed(scope, x), gate) : normed(scope, siluGate(scope, x, gate));
}
