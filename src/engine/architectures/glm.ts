import { readActivation } from '../blocks/activation.ts';
import { fusedGatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** GLM team 2024 (GLM-4-9B); transformers/models/glm/modeling_glm.py. */
export const glm: Architecture = {
  name: 'GLM',
  modelTypes: ['glm'],
  read(raw) {
    const config = readConfig(raw, 'GLM');
    const width = { width: 4096, heads: 32, shared: 2, size: 128, layers: 40, inner: 13_696 };
    const sizes = readSizes(config, { ...width, vocabulary: 151_552, context: 131_072 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1.5625e-7) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const queryBias = config.boolean('attention_bias', true);
    const rotary = readRotary(config, { ...sizes, share: 0.5, interleaved: true });
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
          attention: () => ({ queryBias }),
          feedForward: (layer, x) => fusedGatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
