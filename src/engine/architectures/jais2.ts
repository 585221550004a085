import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Inception and MBZUAI 2025; transformers/models/jais2/modeling_jais2.py. */
export const jais2: Architecture = {
  name: 'Jais 2',
  modelTypes: ['jais2'],
  read(raw) {
    const config = readConfig(raw, 'Jais 2');
    const defaults = {
      width: 3328,
      heads: 26,
      layers: 32,
      inner: 26_624,
      vocabulary: 150_272,
      context: 8192,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const norm = layerNorm({ size: sizes.width, epsilon: config.number('layer_norm_eps', 1e-5) });
    const attentionBias = config.boolean('attention_bias', true);
    const bias = config.boolean('mlp_bias', true);
    const isTied = config.boolean('tie_word_embeddings', false);
    const rotary = readRotary(config, sizes);
    config.ignore('pretraining_tp');
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
