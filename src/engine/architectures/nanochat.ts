import { readActivation } from '../blocks/activation.ts';
import { softCap } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Karpathy 2025; transformers/models/nanochat/modeling_nanochat.py. */
export const nanoChat: Architecture = {
  name: 'nanochat',
  modelTypes: ['nanochat'],
  read(raw) {
    const config = readConfig(raw, 'nanochat');
    const defaults = { width: 768, heads: 6, layers: 12, inner: 8192, vocabulary: 50_304, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'relu2');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const cap = config.nullableNumber('final_logit_softcapping', 15) ?? undefined;
    const rotary = { ...readRotary(config, sizes), reversed: true };
    config.finish();
    const norm = rmsNorm({ size: sizes.width, epsilon, weight: false });
    const perHead = rmsNorm({ size: sizes.size, epsilon, weight: false });
    const headNorm = { norm: perHead, names: ['', ''] as const, afterTurn: true };
    const mlp = { ...sizes, activation, names: ['fc1', 'fc2'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          adjustEmbedding: (x) => norm(scopes.self, '', x),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm }),
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
          adjustLogits: (graph, logits) => softCap(graph, logits, cap),
        }),
    };
  },
};
