import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Arcee AI 2025 (AFM-4.5B); transformers/models/arcee/modeling_arcee.py. */
export const arcee: Architecture = {
  name: 'Arcee',
  modelTypes: ['arcee'],
  read(raw) {
    const config = readConfig(raw, 'Arcee');
    const defaults = { width: 2560, heads: 32, layers: 32, inner: 18_432, vocabulary: 32_000, context: 4096 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const isTied = config.boolean('tie_word_embeddings', false);
    const rotary = readRotary(config, sizes);
    config.ignore('pretraining_tp');
    config.finish();
    const mlp = { ...sizes, activation, bias, names: ['up_proj', 'down_proj'] as const };

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
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
        }),
    };
  },
};
