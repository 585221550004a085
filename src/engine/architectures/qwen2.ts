import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readQwenLayers } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Yang et al. 2024, also Qwen 1.5 and 2.5; transformers/models/qwen2/modeling_qwen2.py. */
export const qwen2: Architecture = {
  name: 'Qwen 2',
  modelTypes: ['qwen2'],
  read(raw) {
    const config = readConfig(raw, 'Qwen 2');
    const defaults = {
      width: 4096,
      heads: 32,
      shared: 32,
      layers: 32,
      inner: 22_016,
      vocabulary: 151_936,
      context: 32_768,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const layers = readQwenLayers(config, sizes.layers);
    const rotary = readRotary(config, sizes);
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: true }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
