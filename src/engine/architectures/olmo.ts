import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Groeneveld et al. 2024; transformers/models/olmo/modeling_olmo.py. */
export const olmo: Architecture = {
  name: 'OLMo',
  modelTypes: ['olmo'],
  read(raw) {
    const config = readConfig(raw, 'OLMo');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 50_304, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const clip = config.optionalNumber('clip_qkv');
    const rotary = readRotary(config, sizes);
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: sizes.width, epsilon: 1e-5, weight: false }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, clip }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
