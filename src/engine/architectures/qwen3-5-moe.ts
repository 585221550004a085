import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readQwenHybrid } from './qwen-hybrid.ts';
import { withSharedExpert } from './shared-expert.ts';

/** Qwen 2026 with experts, the text part; transformers/models/qwen3_5_moe/modeling_qwen3_5_moe.py. */
export const qwen35Moe: Architecture = {
  name: 'Qwen 3.5 MoE',
  modelTypes: ['qwen3_5_moe_text'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 3.5 MoE');
    const defaults = { width: 2048, heads: 16, shared: 2, size: 256, layers: 40, inner: 1 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 248_320, context: 32_768 });
    const { activation, description, plan } = readQwenHybrid(config, sizes);
    const experts = {
      width: sizes.width,
      experts: config.integer('num_experts', 256),
      k: config.integer('num_experts_per_tok', 8),
      inner: config.integer('moe_intermediate_size', 512),
      sharedInner: config.integer('shared_expert_intermediate_size', 512),
      normalized: true,
      activation,
    };
    config.ignore('mlp_only_layers', 'norm_topk_prob', 'decoder_sparse_step'); // every layer has experts
    config.finish();

    return {
      description,
      prefixes: ['model.', 'model.language_model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          feedForward: (layer, x) => withSharedExpert(layer.at('mlp'), x, experts),
        }),
    };
  },
};
