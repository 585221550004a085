import { atlasError } from '../../schema/errors/index.ts';
import type { Activation } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import type { ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';

/** Experts as DeepSeek-V3 routes and names them, beside shared ones that every token goes to. */
interface RoutedExperts {
  /** Layers before the first with experts. */
  readonly dense: number;
  readonly experts: number;
  readonly k: number;
  readonly inner: number;
  /** Shared experts, which are one feed-forward as wide as all of them. */
  readonly common: number;
  readonly groups: number;
  readonly kept: number;
  readonly factor: number;
  readonly normalized: boolean;
}

/** @param defaults of the family's config class */
export function readRoutedExperts(config: ConfigReader, defaults: RoutedExperts): RoutedExperts {
  return {
    dense: config.integer('first_k_dense_replace', defaults.dense, 0),
    experts: config.integer('n_routed_experts', defaults.experts),
    k: config.integer('num_experts_per_tok', defaults.k),
    inner: config.integer('moe_intermediate_size', defaults.inner),
    common: config.integer('n_shared_experts', defaults.common),
    groups: config.integer('n_group', defaults.groups),
    kept: config.integer('topk_group', defaults.kept),
    factor: config.number('routed_scaling_factor', defaults.factor),
    normalized: config.boolean('norm_topk_prob', defaults.normalized),
  };
}

/** The tokens of `x`, `[tokens, width]`, through their experts and the shared ones. */
export function routedExperts(
  scope: Scope,
  x: Value,
  options: RoutedExperts & { readonly width: number; readonly activation: Activation },
): Value {
  const { width, inner, common, activation } = options;
  const choice = sigmoidRouter(scope, 'gate', x, { ...options, correction: 'gate.e_score_correction_bias' });
  const expert = (index: number, rows: Value) =>
    gatedFeedForward(scope.at(`experts.${index}`), rows, { width, inner, activation });
  const chosen = mixture(scope, x, choice, { ...options, expert });
  const shared = { width, inner: inner * common, activation };
  return scope.graph.add(chosen, gatedFeedForward(scope.at('shared_experts'), x, shared));
}

/** Which layers have experts by `mlp_layer_types`, or as the family has it where the config has no such list. */
export function readSparseTypes(
  config: ConfigReader,
  layers: number,
  fallback: (index: number) => boolean,
): (layer: number) => boolean {
  const types = config.strings('mlp_layer_types');
  if (types === undefined) return fallback;
  if (types.length === layers && types.every((type) => type === 'dense' || type === 'sparse')) {
    return (layer) => types[layer] === 'sparse';
  }
  const expected = `${layers} times dense or sparse`;
  throw atlasError('config-value-invalid', { key: 'mlp_layer_types', value: types, expected });
}
