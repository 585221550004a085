import { readActivation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Muennighoff et al. 2024; transformers/models/olmoe/modeling_olmoe.py. */
export const olmoe: Architecture = {
  name: 'OLMoE',
  modelTypes: ['olmoe'],
  read(raw) {
    const config = readConfig(raw, 'OLMoE', { num_local_experts: 'num_experts' });
    const defaults = { width: 2048, heads: 16, layers: 16, inner: 2048, vocabulary: 50_304, context: 4096 };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const clip = config.optionalNumber('clip_qkv');
    const experts = config.integer('num_experts', 64);
    const k = config.integer('num_experts_per_tok', 8);
    const normalized = config.boolean('norm_topk_prob', false);
    const rotary = readRotary(config, sizes);
    config.finish();
    const attention = { queryBias: bias, outputBias: bias, clip, flatNorms: flatNorms(sizes, epsilon) };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => attention,
          feedForward(layer, x) {
            const block = layer.at('mlp');
            const choice = softmaxRouter(block, 'gate', x, { ...sizes, experts, k, normalized });
            const expert = (index: number, rows: typeof x) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { ...sizes, activation });
            return mixture(block, x, choice, { ...sizes, experts, k, expert });
          },
        }),
    };
  },
};
