import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Baidu 2025; transformers/models/ernie4_5/modeling_ernie4_5.py. */
export const ernie45: Architecture = {
  name: 'ERNIE 4.5',
  modelTypes: ['ernie4_5'],
  read(raw) {
    const config = readConfig(raw, 'ERNIE 4.5');
    const width = { width: 1024, heads: 16, shared: 2, size: 128, layers: 18, inner: 3072 };
    const sizes = readSizes(config, { ...width, vocabulary: 103_424, context: 131_072 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('use_bias', false);
    const rotary = readRotary(config, { ...sizes, theta: 500_000, interleaved: true });
    config.ignore(
      'compression_ratio',
      'freq_allocation',
      'fuse_rope',
      'fuse_ln',
      'use_rmsnorm',
      'weight_share_add_bias',
    );
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
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
