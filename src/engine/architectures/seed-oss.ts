import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** ByteDance Seed 2025; transformers/models/seed_oss/modeling_seed_oss.py. */
export const seedOss: Architecture = {
  name: 'Seed-OSS',
  modelTypes: ['seed_oss'],
  read(raw) {
    const config = readConfig(raw, 'Seed-OSS');
    const width = { width: 4096, heads: 80, shared: 8, size: 128, layers: 64, inner: 27_648 };
    const sizes = readSizes(config, { ...width, vocabulary: 155_136, context: 524_288 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const queryBias = config.boolean('attention_bias', true);
    const outputBias = config.boolean('attention_out_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const isTied = config.boolean('tie_word_embeddings', false);
    const rotary = readRotary(config, sizes);
    config.ignore('pretraining_tp');
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
          attention: () => ({ queryBias, outputBias }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
