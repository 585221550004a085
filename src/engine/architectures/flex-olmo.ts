import { readActivation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { outputNorm } from '../blocks/residual.ts';
import { readRotary } from '../blocks/rotary.ts';
import { flatNorms } from '../blocks/self-attention.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Shi et al. 2025; transformers/models/flex_olmo/modeling_flex_olmo.py. */
export const flexOlmo: Architecture = {
  name: 'FlexOLMo',
  modelTypes: ['flex_olmo'],
  read(raw) {
    const config = readConfig(raw, 'FlexOLMo', { num_local_experts: 'num_experts' });
    const defaults = {
      width: 4096,
      heads: 32,
      layers: 32,
      inner: 11_008,
      vocabulary: 100_352,
      context: 4096,
    };
    const sizes = readSizes(config, defaults);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const experts = config.integer('num_experts', 7);
    const k = config.integer('num_experts_per_tok', 5);
    const normalized = config.boolean('norm_topk_prob', false);
    const rotary = readRotary(config, { ...sizes, theta: 500_000 });
    config.finish();
    const attention = { queryBias: bias, outputBias: bias, flatNorms: flatNorms(sizes, epsilon) };

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          residual: outputNorm(),
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
