import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { outputNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Walsh et al. 2025; transformers/models/olmo2/modeling_olmo2.py. */
export const olmo2: Architecture = {
  name: 'OLMo 2',
  modelTypes: ['olmo2'],
  read(raw) {
    const config = readConfig(raw, 'OLMo 2');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 50_304, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const rotary = readRotary(config, sizes);
    config.finish();
    const attention = { queryBias: bias, outputBias: bias, flatNorms: flatNorms(sizes, epsilon) };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          residual: outputNorm(),
          rotary: () => rotary,
          attention: () => attention,
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
