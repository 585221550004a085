import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig, type ConfigReader } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** What Granite multiplies: scores, embeddings, what layers add; and what it divides the logits by. */
export function readMultipliers(config: ConfigReader) {
  const scale = config.number('attention_multiplier', 1);
  const logits = config.number('logits_scaling', 1);
  return {
    scale,
    plan: {
      embeddingScale: config.number('embedding_multiplier', 1),
      residual: preNorm(undefined, config.number('residual_multiplier', 1)),
      logitScale: 1 / logits,
    },
  };
}

/** Granite team 2024; transformers/models/granite/modeling_granite.py. */
export const granite: Architecture = {
  name: 'Granite',
  modelTypes: ['granite'],
  read(raw) {
    const config = readConfig(raw, 'Granite');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 32_000, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const attentionBias = config.boolean('attention_bias', false);
    const bias = config.boolean('mlp_bias', false);
    const { scale, plan } = readMultipliers(config);
    const rotary = readRotary(config, sizes);
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: attentionBias, outputBias: attentionBias, scale }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
