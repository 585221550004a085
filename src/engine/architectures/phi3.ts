import { readActivation } from '../blocks/activation.ts';
import { fusedGatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Abdin et al. 2024, also Phi-4; transformers/models/phi3/modeling_phi3.py. */
export const phi3: Architecture = {
  name: 'Phi-3',
  modelTypes: ['phi3'],
  read(raw) {
    const config = readConfig(raw, 'Phi-3');
    const defaults = { width: 3072, heads: 32, layers: 32, inner: 8192, vocabulary: 32_064, context: 4096 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const window = config.nullableInteger('sliding_window', null);
    for (const group of ['rope_scaling', 'rope_parameters']) {
      for (const key of ['type', 'rope_type']) config.group(group)?.only(key, 'default', 'longrope', 'su');
    }
    const rotary = readRotary(config, { ...sizes, originalContext: 4096, share: 1 });
    config.only('attention_bias', false);
    config.only('mlp_bias', false);
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
          attention: () => ({ fused: 'qkv_proj' }),
          feedForward: (layer, x) => fusedGatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
