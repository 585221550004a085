import { activationNamed } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { readLfm2Layers } from './lfm2-layers.ts';
import { buildLlamaLike } from './llama-like.ts';

const NAMES = ['w1', 'w3', 'w2'] as const;

/** Liquid AI 2025, with experts; transformers/models/lfm2_moe/modeling_lfm2_moe.py. */
export const lfm2Moe: Architecture = {
  name: 'LFM2 MoE',
  modelTypes: ['lfm2_moe'],
  read(raw) {
    const config = readConfig(raw, 'LFM2 MoE');
    const width = { width: 2048, heads: 32, shared: 8, layers: 32, inner: 7168 };
    const sizes = readSizes(config, { ...width, vocabulary: 65_536, context: 128_000 });
    const { description, plan } = readLfm2Layers(config, sizes);
    const dense = config.integer('num_dense_layers', 2, 0);
    const inner = config.integer('moe_intermediate_size', 1792);
    const experts = config.integer('num_experts', 32);
    const k = config.integer('num_experts_per_tok', 4);
    const routing = {
      experts,
      k,
      groups: 1,
      kept: 1,
      normalized: config.boolean('norm_topk_prob', true),
      factor: config.number('routed_scaling_factor', 1),
      correction: config.boolean('use_expert_bias', true) ? 'expert_bias' : undefined,
      trifle: 1e-6,
    };
    config.finish();
    const activation = activationNamed('silu', 'hidden_act');

    return {
      description,
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          feedForward(layer, x) {
            const block = layer.at('feed_forward');
            if (layer.layer.index < dense) {
              return gatedFeedForward(block, x, { ...sizes, activation, names: NAMES });
            }
            const choice = sigmoidRouter(block, 'gate', x, { ...sizes, ...routing });
            const expert = (index: number, rows: Value) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, {
                ...sizes,
                inner,
                activation,
                names: NAMES,
              });
            return mixture(block, x, choice, { ...sizes, experts, k, expert });
          },
        }),
    };
  },
};
