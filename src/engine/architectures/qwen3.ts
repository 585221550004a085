import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readQwenLayers } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Yang et al. 2025; transformers/models/qwen3/modeling_qwen3.py. */
export const qwen3: Architecture = {
  name: 'Qwen 3',
  modelTypes: ['qwen3'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 3');
    const width = { width: 4096, heads: 32, shared: 32, size: 128, layers: 32, inner: 22_016 };
    const sizes = readSizes(config, { ...width, vocabulary: 151_936, context: 32_768 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const layers = readQwenLayers(config, sizes.layers);
    const rotary = readRotary(config, sizes);
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, layers, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
