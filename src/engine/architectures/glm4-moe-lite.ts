import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { latentAttention, readLatentSizes } from '../blocks/latent-attention.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readRoutedExperts, readSparseTypes, routedExperts } from './routed-experts.ts';

const ALIASES = { num_local_experts: 'n_routed_experts', head_dim: 'qk_rope_head_dim' };

/** GLM team 2026 (GLM-4.7-Flash); transformers/models/glm4_moe_lite/modeling_glm4_moe_lite.py. */
export const glm4MoeLite: Architecture = {
  name: 'GLM-4 MoE Lite',
  modelTypes: ['glm4_moe_lite'],
  read(raw) {
    const config = readConfig(raw, 'GLM-4 MoE Lite', ALIASES);
    const width = { width: 2048, heads: 20, shared: 20, layers: 47, inner: 10_240 };
    const sizes = readSizes(config, { ...width, vocabulary: 154_880, context: 202_752 });
    const latent = { queryRank: 768, keyRank: 512, plain: 192, turned: 64, valueSize: 256 };
    const attention = readLatentSizes(config, sizes, latent);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const expert = { dense: 1, experts: 64, k: 4, inner: 1536, common: 1 };
    const routed = readRoutedExperts(config, {
      ...expert,
      groups: 1,
      kept: 1,
      factor: 1.8,
      normalized: true,
    });
    const isSparse = readSparseTypes(config, sizes.layers, (index) => index > 0); // whatever first_k_dense_replace says
    const interleaved = config.boolean('rope_interleave', true);
    const rotary = readRotary(config, { ...sizes, size: attention.turned, interleaved });
    config.only('topk_method', 'noaux_tc');
    config.ignore('pretraining_tp', 'num_nextn_predict_layers');
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attend: (scope, x, turns) => latentAttention(scope, x, attention, turns),
          feedForward: (layer, x) =>
            isSparse(layer.layer.index)
              ? routedExperts(layer.at('mlp'), x, { ...routed, width: sizes.width, activation })
              : gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
