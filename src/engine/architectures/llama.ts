import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Touvron et al. 2023; transformers/models/llama/modeling_llama.py. */
export const llama: Architecture = {
  name: 'Llama',
  modelTypes: ['llama'],
  read(raw) {
    const config = readConfig(raw, 'Llama');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 32_000, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const isTied = config.boolean('tie_word_embeddings', false);
    const rotary = readRotary(config, sizes);
    config.ignore('pretraining_tp', 'max_sequence_length'); // parts of the same products; an old name of the context
    config.finish();

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
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
