import { readActivation } from '../blocks/activation.ts';
import { softCap } from '../blocks/attention.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { sandwichNorm } from '../blocks/residual.ts';
import { readLayeredRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Kamath et al. 2025; transformers/models/gemma3/modeling_gemma3.py. */
export const gemma3: Architecture = {
  name: 'Gemma 3',
  modelTypes: ['gemma3_text'],
  read(raw) {
    const config = readConfig(raw, 'Gemma 3');
    const width = { width: 2304, heads: 8, shared: 4, size: 256, layers: 26, inner: 9216 };
    const sizes = readSizes(config, { ...width, vocabulary: 262_208, context: 131_072 });
    const activation = readActivation(config, 'hidden_activation', 'gelu_pytorch_tanh');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('attention_bias', false);
    const scale = config.number('query_pre_attn_scalar', 256) ** -0.5;
    const window = config.nullableInteger('sliding_window', 4096);
    const every = config.integer('sliding_window_pattern', 6);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      (index + 1) % every === 0 ? 'full_attention' : 'sliding_attention',
    );
    const finalCap = config.nullableNumber('final_logit_softcapping', null) ?? undefined;
    const rotary = readLayeredRotary(config, {
      ...sizes,
      full: { key: 'rope_theta', theta: 1_000_000 },
      sliding: { key: 'rope_local_base_freq', theta: 10_000 },
    });
    config.only('use_bidirectional_attention', false);
    config.ignore('hidden_act', '_sliding_window_pattern', 'attn_logit_softcapping'); // scores are never capped
    config.finish();
    const headNorm = {
      norm: rmsNorm({ size: sizes.size, epsilon, offset: 1 }),
      names: ['q_norm', 'k_norm'] as const,
    };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary: rotary.full }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon, offset: 1 }),
          isTied,
          embeddingScale: Math.sqrt(sizes.width),
          residual: sandwichNorm(),
          rotary: ({ index }) => (types[index] === 'full_attention' ? rotary.full : rotary.sliding),
          attention: () => ({ queryBias: bias, outputBias: bias, scale, headNorm }),
          feedForward: (layer, x) => gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation }),
          adjustLogits: (graph, logits) => softCap(graph, logits, finalCap),
        }),
    };
  },
};
