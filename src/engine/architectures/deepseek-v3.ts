import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { latentAttention, readLatentSizes } from '../blocks/latent-attention.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readRoutedExperts, routedExperts } from './routed-experts.ts';
import { buildLlamaLike } from './llama-like.ts';

const ALIASES = { num_local_experts: 'n_routed_experts', num_nextn_predict_layers: 'num_mtp_layers' };

/** DeepSeek-AI 2024 (V3), 2025 (R1); transformers/models/deepseek_v3/modeling_deepseek_v3.py. */
export const deepseekV3: Architecture = {
  name: 'DeepSeek-V3',
  modelTypes: ['deepseek_v3'],
  read(raw) {
    const config = readConfig(raw, 'DeepSeek-V3', ALIASES);
    const defaults = {
      width: 7168,
      heads: 128,
      shared: 128,
      layers: 61,
      inner: 18_432,
      vocabulary: 129_280,
      context: 4096,
    };
    const sizes = readSizes(config, defaults);
    const latent = { queryRank: 1536, keyRank: 512, plain: 128, turned: 64, valueSize: 128 };
    const attention = readLatentSizes(config, sizes, latent);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const routed = readRoutedExperts(config, {
      dense: 3,
      experts: 256,
      k: 8,
      inner: 2048,
      common: 1,
      groups: 8,
      kept: 4,
      factor: 2.5,
      normalized: true,
    });
    const interleaved = config.boolean('rope_interleave', true);
    const rotary = readRotary(config, { ...sizes, size: attention.turned, interleaved });
    config.only('scoring_func', 'sigmoid');
    config.only('topk_method', 'noaux_tc');
    config.only('moe_layer_freq', 1);
    config.ignore('pretraining_tp', 'num_mtp_layers'); // layers that predict further tokens stand outside
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
            layer.layer.index < routed.dense
              ? gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation })
              : routedExperts(layer.at('mlp'), x, { ...routed, width: sizes.width, activation }),
        }),
    };
  },
};
