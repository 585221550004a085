import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Jiang et al. 2023; transformers/models/mistral/modeling_mistral.py. */
export const mistral: Architecture = {
  name: 'Mistral',
  modelTypes: ['mistral'],
  read(raw) {
    const config = readConfig(raw, 'Mistral');
    const defaults = {
      width: 4096,
      heads: 32,
      shared: 8,
      layers: 32,
      inner: 14_336,
      vocabulary: 32_000,
      context: 131_072,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const window = config.nullableInteger('sliding_window', 4096);
    const rotary = readRotary(config, sizes);
    config.ignore('layer_types'); // one mask for all layers
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: everyLayer(sizes.layers, window), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
