import { readActivation, tanhGelu } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Mesnard et al. 2024; transformers/models/gemma/modeling_gemma.py. */
export const gemma: Architecture = {
  name: 'Gemma',
  modelTypes: ['gemma'],
  read(raw) {
    const config = readConfig(raw, 'Gemma');
    const width = { width: 3072, heads: 16, shared: 16, size: 256, layers: 28, inner: 24_576 };
    const sizes = readSizes(config, { ...width, vocabulary: 256_000, context: 8192 });
    const named = readActivation(config, 'hidden_act', 'gelu_pytorch_tanh');
    const activation = raw.hidden_act === 'gelu' ? tanhGelu : named; // the first release meant the tanh form
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6), offset: 1 });
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const rotary = readRotary(config, sizes);
    config.only('use_bidirectional_attention', false);
    config.ignore('hidden_activation');
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          embeddingScale: Math.sqrt(sizes.width),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
