import { readActivation } from '../blocks/activation.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { parallel } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Li et al. 2023, also Phi-1 and Phi-2; transformers/models/phi/modeling_phi.py. */
export const phi: Architecture = {
  name: 'Phi',
  modelTypes: ['phi'],
  read(raw) {
    const config = readConfig(raw, 'Phi');
    const defaults = { width: 2048, heads: 32, layers: 24, inner: 8192, vocabulary: 51_200, context: 2048 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'gelu_new');
    const epsilon = config.number('layer_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const normalizesHeads = config.boolean('qk_layernorm', false);
    const rotary = readRotary(config, { ...sizes, share: 0.5 });
    config.finish();
    const headNorm = {
      norm: layerNorm({ size: sizes.size, epsilon }),
      names: ['q_layernorm', 'k_layernorm'] as const,
    };
    const attention = {
      queryBias: true,
      outputBias: true,
      names: ['q_proj', 'k_proj', 'v_proj', 'dense'] as const,
      ...(normalizesHeads ? { headNorm } : {}),
    };
    const mlp = { ...sizes, activation, bias: true, names: ['fc1', 'fc2'] as const };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: layerNorm({ size: sizes.width, epsilon }),
          isTied,
          headBias: 'lm_head',
          finalNorm: 'final_layernorm',
          residual: parallel(),
          rotary: () => rotary,
          attention: () => attention,
          feedForward: (layer, x) => feedForward(layer.at('mlp'), x, mlp),
        }),
    };
  },
};
