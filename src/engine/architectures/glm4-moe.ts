import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readRoutedExperts, routedExperts } from './routed-experts.ts';

const ALIASES = { num_local_experts: 'n_routed_experts', num_nextn_predict_layers: 'num_mtp_layers' };

/** GLM team 2025 (GLM-4.5); transformers/models/glm4_moe/modeling_glm4_moe.py. */
export const glm4Moe: Architecture = {
  name: 'GLM-4 MoE',
  modelTypes: ['glm4_moe'],
  read(raw) {
    const config = readConfig(raw, 'GLM-4 MoE', ALIASES);
    const width = { width: 4096, heads: 96, shared: 8, layers: 46, inner: 10_944 };
    const sizes = readSizes(config, { ...width, vocabulary: 151_552, context: 131_072 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const queryBias = config.boolean('attention_bias', false);
    const normalizesHeads = config.boolean('use_qk_norm', false);
    const expert = { dense: 1, experts: 128, k: 8, inner: 1408, common: 1 };
    const routed = readRoutedExperts(config, { ...expert, groups: 1, kept: 1, factor: 1, normalized: true });
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.ignore('num_mtp_layers'); // layers that predict further tokens stand outside
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias, ...(normalizesHeads ? { headNorm } : {}) }),
          feedForward: (layer, x) =>
            layer.layer.index < routed.dense
              ? gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation })
              : routedExperts(layer.at('mlp'), x, { ...routed, width: sizes.width, activation }),
        }),
    };
  },
};
