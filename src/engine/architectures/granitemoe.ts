import { readActivation } from '../blocks/activation.ts';
import { stackedExperts } from '../blocks/stacked-experts.ts';
import { mixture, topExperts } from '../blocks/experts.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readMultipliers } from './granite.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Granite team 2024, with experts; transformers/models/granitemoe/modeling_granitemoe.py. */
export const graniteMoe: Architecture = {
  name: 'Granite MoE',
  modelTypes: ['granitemoe'],
  read(raw) {
    const config = readConfig(raw, 'Granite MoE');
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 32_000, context: 2048 };
    const sizes = readSizes(config, defaults);
    const { width } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const experts = config.integer('num_local_experts', 8);
    const k = config.integer('num_experts_per_tok', 2);
    const { scale, plan } = readMultipliers(config);
    const rotary = readRotary(config, sizes);
    config.finish();

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, scale }),
          feedForward(layer, x) {
            const block = layer.at('block_sparse_moe');
            const scores = linear(block, 'router.layer', x, { inputs: width, outputs: experts });
            const best = topExperts(layer.graph, scores, k);
            const choice = { ...best, gates: layer.graph.softmax(best.gates) };
            const names = ['input_linear.weight', 'output_linear.weight'] as const;
            const expert = stackedExperts(block, { ...sizes, experts, activation, names });
            return mixture(block, x, choice, { experts, k, width, expert });
          },
        }),
    };
  },
};
