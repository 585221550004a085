import { readActivation } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** MiniMax 2025; transformers/models/minimax_m2/modeling_minimax_m2.py. */
export const miniMaxM2: Architecture = {
  name: 'MiniMax M2',
  modelTypes: ['minimax_m2'],
  read(raw) {
    const config = readConfig(raw, 'MiniMax M2', { num_experts: 'num_local_experts' });
    const width = { width: 3072, heads: 48, shared: 8, size: 128, layers: 62, inner: 1536 };
    const sizes = readSizes(config, { ...width, vocabulary: 200_064, context: 196_608 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const [experts, k] = [config.integer('num_local_experts', 256), config.integer('num_experts_per_tok', 8)];
    const turned = config.optionalNumber('rotary_dim');
    const share = turned === undefined ? 1 : turned / sizes.size;
    const rotary = readRotary(config, { ...sizes, theta: 5_000_000, share });
    config.only('qk_norm_type', 'per_layer');
    config.only('scoring_func', 'sigmoid');
    config.only('shared_intermediate_size', 0);
    if (config.numbers('attn_type_list')?.every((type) => type === 1) === false)
      config.only('attn_type_list');
    config.ignore('use_qk_norm', 'use_routing_bias', 'use_mtp', 'num_mtp_modules', 'mtp_transformer_layers');
    config.finish();
    const routing = {
      experts,
      k,
      groups: 1,
      kept: 1,
      normalized: true,
      factor: 1,
      correction: 'e_score_correction_bias',
    };
    const names = ['w1', 'w3', 'w2'] as const;

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ flatNorms: flatNorms(sizes, epsilon) }),
          feedForward(layer, x) {
            const block = layer.at('block_sparse_moe');
            const choice = sigmoidRouter(block, 'gate', x, { ...sizes, ...routing });
            const expert = (index: number, rows: typeof x) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { ...sizes, activation, names });
            return mixture(block, x, choice, { ...sizes, experts, k, expert });
          },
        }),
    };
  },
};
