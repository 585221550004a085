import { readActivation } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { sandwichNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { sigmoidGate } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

const NORMS = [
  'input_layernorm',
  'post_attention_layernorm',
  'pre_mlp_layernorm',
  'post_mlp_layernorm',
] as const;

/** Arcee AI 2025 (Trinity); transformers/models/afmoe/modeling_afmoe.py. */
export const afmoe: Architecture = {
  name: 'AFMoE',
  modelTypes: ['afmoe'],
  read(raw) {
    const config = readConfig(raw, 'AFMoE');
    const width = { width: 2048, heads: 16, size: 128, layers: 32, inner: 6144 };
    const sizes = readSizes(config, { ...width, vocabulary: 200_192, context: 16_384 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const window = config.nullableInteger('sliding_window', 1024);
    const every = config.integer('global_attn_every_n_layers', 4);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      (index + 1) % every === 0 ? 'full_attention' : 'sliding_attention',
    );
    const dense = config.integer('num_dense_layers', 1, 0);
    const inner = config.integer('moe_intermediate_size', 1408);
    const common = config.integer('num_shared_experts', 2);
    const [experts, k] = [config.integer('num_experts', 64), config.integer('num_experts_per_tok', 6)];
    const routing = {
      experts,
      k,
      groups: 1,
      kept: 1,
      normalized: true,
      factor: config.number('route_scale', 1),
    };
    const embeddingScale = config.boolean('mup_enabled', false) ? Math.sqrt(sizes.width) : 1;
    const rotary = readRotary(config, sizes);
    for (const key of ['n_group', 'topk_group']) config.only(key, 1);
    config.only('score_func', 'sigmoid');
    config.ignore(
      'route_norm',
      'load_balance_coeff',
      'use_grouped_mm',
      'num_expert_groups',
      'num_limited_groups',
    );
    config.finish();
    const headNorm = { norm: rmsNorm({ size: sizes.size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          embeddingScale,
          residual: sandwichNorm(NORMS),
          rotary: ({ index }) => (types[index] === 'sliding_attention' ? rotary : undefined),
          attention: () => ({
            queryBias: bias,
            outputBias: bias,
            headNorm,
            beforeOutput: sigmoidGate('gate_proj', sizes),
          }),
          feedForward(layer, x) {
            const block = layer.at('mlp');
            if (layer.layer.index < dense) return gatedFeedForward(block, x, { ...sizes, activation });
            const choice = sigmoidRouter(block, 'router.gate', x, {
              ...sizes,
              ...routing,
              correction: 'expert_bias',
            });
            const expert = (index: number, rows: typeof x) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { ...sizes, inner, activation });
            const shared = { ...sizes, inner: inner * common, activation };
            const chosen = mixture(block, x, choice, { ...sizes, experts, k, expert });
            return layer.graph.add(gatedFeedForward(block.at('shared_experts'), x, shared), chosen);
          },
        }),
    };
  },
};
