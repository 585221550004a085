import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { layerNorm, layerNormByHead } from '../blocks/normalization.ts';
import { parallel } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Cohere 2024 (Command R); transformers/models/cohere/modeling_cohere.py. */
export const cohere: Architecture = {
  name: 'Cohere',
  modelTypes: ['cohere'],
  read(raw) {
    const config = readConfig(raw, 'Cohere');
    const defaults = {
      width: 8192,
      heads: 64,
      layers: 40,
      inner: 22_528,
      vocabulary: 256_000,
      context: 8192,
    };
    const sizes = readSizes(config, defaults);
    const { heads, shared, size } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const normalizesHeads = config.boolean('use_qk_norm', false);
    const logitScale = config.number('logit_scale', 0.0625);
    const rotary = readRotary(config, { ...sizes, theta: 500_000, interleaved: true });
    config.finish();
    const norm = layerNormByHead(size, epsilon, (scope, name) => {
      const count = name === 'q_norm' ? heads : shared;
      return { value: scope.weight(`${name}.weight`, [count, size]), heads: count };
    });
    const headNorm = { norm, names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: sizes.width, epsilon, bias: false }),
          isTied,
          logitScale,
          residual: parallel(),
          rotary: () => rotary,
          attention: () => ({
            queryBias: bias,
            outputBias: bias,
            ...(normalizesHeads ? { headNorm } : {}),
          }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
