import { readActivation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Jiang et al. 2024; transformers/models/mixtral/modeling_mixtral.py. */
export const mixtral: Architecture = {
  name: 'Mixtral',
  modelTypes: ['mixtral'],
  read(raw) {
    const config = readConfig(raw, 'Mixtral', { num_experts: 'num_local_experts' });
    const defaults = {
      width: 4096,
      heads: 32,
      shared: 8,
      layers: 32,
      inner: 14_336,
      vocabulary: 32_000,
      context: 131_072,
    };
    const sizes = readSizes(config, defaults);
    const { width, inner } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const experts = config.integer('num_local_experts', 8);
    const k = config.integer('num_experts_per_tok', 2);
    const window = config.nullableInteger('sliding_window', null);
    const rotary = readRotary(config, { ...sizes, theta: 1_000_000 });
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: everyLayer(sizes.layers, window), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          feedForward(layer, x) {
            const block = layer.at('block_sparse_moe');
            const names = ['w1', 'w3', 'w2'] as const;
            const choice = softmaxRouter(block, 'gate', x, { width, experts, k, normalized: true });
            const expert = (index: number, rows: typeof x) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { width, inner, activation, names });
            return mixture(block, x, choice, { experts, k, width, expert });
          },
        }),
    };
  },
};
