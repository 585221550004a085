import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';
import { withSharedExpert } from './shared-expert.ts';
import { readSparseLayers } from './sparse-layers.ts';

/** Qwen 1.5 and 2 with experts; transformers/models/qwen2_moe/modeling_qwen2_moe.py. */
export const qwen2Moe: Architecture = {
  name: 'Qwen 2 MoE',
  modelTypes: ['qwen2_moe'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 2 MoE');
    const width = { width: 2048, heads: 16, shared: 16, layers: 24, inner: 5632 };
    const sizes = readSizes(config, { ...width, vocabulary: 151_936, context: 32_768 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('qkv_bias', true);
    const sparse = readSparseLayers(config, { experts: 60, k: 4, inner: 1408 });
    const sharedInner = config.integer('shared_expert_intermediate_size', 5632);
    const isSliding = config.boolean('use_sliding_window', false);
    const window = config.nullableInteger('sliding_window', 4096);
    const last = config.integer('max_window_layers', 28, 0);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      isSliding && index % 2 === 0 && index < last ? 'sliding_attention' : 'full_attention',
    );
    const rotary = readRotary(config, sizes);
    config.finish();

    return {
      description: describeDecoder({
        ...sizes,
        layers: seenBy(types, { window: isSliding ? window : null }),
        rotary,
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias }),
          feedForward(layer, x) {
            const block = layer.at('mlp');
            if (!sparse.has(layer.layer.index)) return gatedFeedForward(block, x, { ...sizes, activation });
            return withSharedExpert(block, x, { ...sparse, width: sizes.width, sharedInner, activation });
          },
        }),
    };
  },
};
