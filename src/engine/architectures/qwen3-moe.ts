import { readActivation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { gatedExperts } from '../blocks/stacked-experts.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readSparseLayers } from './sparse-layers.ts';

/** Yang et al. 2025; transformers/models/qwen3_moe/modeling_qwen3_moe.py. */
export const qwen3Moe: Architecture = {
  name: 'Qwen 3 MoE',
  modelTypes: ['qwen3_moe'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 3 MoE', { num_local_experts: 'num_experts' });
    const width = { width: 2048, heads: 32, shared: 4, layers: 24, inner: 6144 };
    const sizes = readSizes(config, { ...width, vocabulary: 151_936, context: 32_768 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const sparse = readSparseLayers(config, { experts: 128, k: 8, inner: 768 });
    const isSliding = config.boolean('use_sliding_window', false);
    const window = config.nullableInteger('sliding_window', 4096);
    const rotary = readRotary(config, sizes);
    config.ignore('max_window_layers');
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({
        ...sizes,
        layers: everyLayer(sizes.layers, isSliding ? window : null),
        rotary,
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm }),
          feedForward(layer, x) {
            const { experts, k, normalized, inner } = sparse;
            const block = layer.at('mlp');
            if (!sparse.has(layer.layer.index)) return gatedFeedForward(block, x, { ...sizes, activation });
            const choice = softmaxRouter(block, 'gate', x, { ...sizes, experts, k, normalized });
            const expert = gatedExperts(block, { ...sizes, inner, experts, activation });
            return mixture(block, x, choice, { ...sizes, experts, k, expert });
          },
        }),
    };
  },
};
