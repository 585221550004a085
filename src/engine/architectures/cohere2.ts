import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { parallel } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Cohere 2024 (Command R7B), 2025 (Command A); transformers/models/cohere2/modeling_cohere2.py. */
export const cohere2: Architecture = {
  name: 'Cohere 2',
  modelTypes: ['cohere2'],
  read(raw) {
    const config = readConfig(raw, 'Cohere 2');
    const defaults = {
      width: 8192,
      heads: 64,
      layers: 40,
      inner: 22_528,
      vocabulary: 256_000,
      context: 8192,
    };
    const read = readSizes(config, defaults);
    const sizes = { ...read, size: divideEvenly('hidden_size', read.width, read.heads) }; // whatever head_dim says
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const logitScale = config.number('logit_scale', 0.0625);
    const window = config.nullableInteger('sliding_window', 4096);
    const every = config.integer('sliding_window_pattern', 4);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      (index + 1) % every === 0 ? 'full_attention' : 'sliding_attention',
    );
    const rotary = readRotary(config, { ...sizes, interleaved: true });
    config.ignore('rotary_pct', 'layer_switch', 'use_parallel_block', 'order_of_interleaved_layers');
    config.ignore(
      'position_embedding_type',
      'use_embedding_sharing',
      'use_gated_activation',
      '_sliding_window_pattern',
    );
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: sizes.width, epsilon, bias: false }),
          isTied,
          logitScale,
          residual: parallel(),
          rotary: ({ index }) =>
            types[index] === 'sliding_attention' && window !== null ? rotary : undefined,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
