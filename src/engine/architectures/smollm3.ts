import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Bakouch et al. 2025; transformers/models/smollm3/modeling_smollm3.py. */
export const smolLm3: Architecture = {
  name: 'SmolLM 3',
  modelTypes: ['smollm3'],
  read(raw) {
    const config = readConfig(raw, 'SmolLM 3');
    const width = { width: 2048, heads: 16, shared: 4, layers: 36, inner: 11_008 };
    const sizes = readSizes(config, { ...width, vocabulary: 128_256, context: 32_768 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const every = config.integer('no_rope_layer_interval', 4);
    const turned = config.numbers('no_rope_layers'); // 1 for a layer with rotary positions, against its name
    const isTurned = (index: number) =>
      turned === undefined ? (index + 1) % every !== 0 : turned[index] !== 0;
    const isSliding = config.boolean('use_sliding_window', false);
    const window = config.nullableInteger('sliding_window', null);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      isSliding && window !== null && !isTurned(index) ? 'sliding_attention' : 'full_attention',
    );
    const rotary = readRotary(config, { ...sizes, theta: 2_000_000 });
    config.ignore('max_window_layers', 'pretraining_tp');
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: ({ index }) => (isTurned(index) ? rotary : undefined),
          attention: () => ({ queryBias: attentionBias, outputBias: attentionBias }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
