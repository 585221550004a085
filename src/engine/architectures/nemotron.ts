import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Parmar et al. 2024; transformers/models/nemotron/modeling_nemotron.py. */
export const nemotron: Architecture = {
  name: 'Nemotron',
  modelTypes: ['nemotron'],
  read(raw) {
    const config = readConfig(raw, 'Nemotron');
    const defaults = {
      width: 6144,
      heads: 48,
      layers: 32,
      inner: 24_576,
      vocabulary: 256_000,
      context: 4096,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const norm = layerNorm({ size: sizes.width, epsilon: config.number('norm_eps', 1e-5), offset: 1 });
    const isTied = config.boolean('tie_word_embeddings', false);
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.finish();
    const mlp = { ...sizes, activation, bias, names: ['up_proj', 'down_proj'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: attentionBias, outputBias: attentionBias }),
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
        }),
    };
  },
};
