import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { latentAttention, readLatentSizes } from '../blocks/latent-attention.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Tencent Youtu 2025; transformers/models/youtu/modeling_youtu.py. */
export const youtu: Architecture = {
  name: 'Youtu',
  modelTypes: ['youtu'],
  read(raw) {
    const config = readConfig(raw, 'Youtu');
    const width = { width: 2048, heads: 16, shared: 16, layers: 32, inner: 6144 };
    const sizes = readSizes(config, { ...width, vocabulary: 128_256, context: 131_072 });
    const latent = { queryRank: 1536, keyRank: 512, plain: 128, turned: 64, valueSize: 128 };
    const attention = readLatentSizes(config, sizes, latent);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const interleaved = config.boolean('rope_interleave', true);
    const rotary = readRotary(config, { ...sizes, size: attention.turned, interleaved });
    config.ignore('embedding_initializer_range', 'mlp_bias');
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
          attend: (scope, x, turns) => latentAttention(scope, x, attention, turns),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
