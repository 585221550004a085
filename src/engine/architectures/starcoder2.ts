import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Lozhkov et al. 2024; transformers/models/starcoder2/modeling_starcoder2.py. */
export const starcoder2: Architecture = {
  name: 'StarCoder 2',
  modelTypes: ['starcoder2'],
  read(raw) {
    const config = readConfig(raw, 'StarCoder 2');
    const defaults = {
      width: 3072,
      heads: 24,
      shared: 2,
      layers: 30,
      inner: 12_288,
      vocabulary: 49_152,
      context: 4096,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'gelu_pytorch_tanh');
    const norm = layerNorm({ size: sizes.width, epsilon: config.number('norm_epsilon', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('use_bias', true);
    const window = config.nullableInteger('sliding_window', null);
    const rotary = readRotary(config, sizes);
    config.only('mlp_type', 'default');
    config.only('norm_type', 'layer_norm');
    config.ignore('activation_function', 'scale_attention_softmax_in_fp32', 'scale_attn_weights');
    config.finish();
    const mlp = { ...sizes, activation, bias, names: ['c_fc', 'c_proj'] as const };

    return {
      description: describeDecoder({ ...sizes, layers: everyLayer(sizes.layers, window), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
        }),
    };
  },
};
