import { readActivation } from '../blocks/activation.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { layerNorm, layerNormByHead } from '../blocks/normalization.ts';
import { parallel, preNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Bellagente et al. 2024; transformers/models/stablelm/modeling_stablelm.py. */
export const stableLm: Architecture = {
  name: 'StableLM',
  modelTypes: ['stablelm'],
  read(raw) {
    const config = readConfig(raw, 'StableLM');
    const defaults = {
      width: 2560,
      heads: 32,
      shared: 32,
      layers: 32,
      inner: 6912,
      vocabulary: 50_304,
      context: 4096,
    };
    const sizes = readSizes(config, defaults);
    const { heads, shared, size } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const queryBias = config.boolean('use_qkv_bias', false);
    const normalizesHeads = config.boolean('qk_layernorm', false);
    const isParallel = config.boolean('use_parallel_residual', false);
    const rotary = readRotary(config, { ...sizes, share: 0.25 });
    config.finish();
    const norm = layerNormByHead(size, epsilon, (scope, name) => {
      const count = name === 'q_layernorm' ? heads : shared;
      const rows = Array.from({ length: count }, (_, head) =>
        scope.weight(`${name}.norms.${head}.weight`, [size]),
      );
      return { value: scope.graph.concat(rows, 0), heads: count };
    });
    const headNorm = { norm, names: ['q_layernorm', 'k_layernorm'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: sizes.width, epsilon }),
          isTied,
          residual: isParallel ? parallel() : preNorm(),
          rotary: () => rotary,
          attention: () => ({ queryBias, ...(normalizesHeads ? { headNorm } : {}) }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
        }),
    };
  },
};
