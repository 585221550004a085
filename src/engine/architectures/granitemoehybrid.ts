import { readActivation } from '../blocks/activation.ts';
import { mixture, topExperts } from '../blocks/experts.ts';
import { fusedGatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { mamba2 } from '../blocks/mamba2.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { stackedExperts } from '../blocks/stacked-experts.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readMultipliers } from './granite.ts';
import { readHybridTypes } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';
import { MAMBA2_LAYER, readMamba2 } from './mamba2-keys.ts';

/** Granite team 2025, Granite 4; transformers/models/granitemoehybrid/modeling_granitemoehybrid.py. */
export const graniteMoeHybrid: Architecture = {
  name: 'Granite MoE Hybrid',
  modelTypes: ['granitemoehybrid'],
  read(raw) {
    const config = readConfig(raw, 'Granite MoE Hybrid', { layers_block_type: 'layer_types' });
    const defaults = { width: 4096, heads: 32, layers: 32, inner: 11_008, vocabulary: 32_000, context: 2048 };
    const sizes = readSizes(config, defaults);
    const { width } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const experts = config.integer('num_local_experts', 8, 0);
    const k = config.integer('num_experts_per_tok', 2, 0);
    const shared = { width, activation, inner: config.integer('shared_intermediate_size', 1024) };
    const { scale, plan } = readMultipliers(config);
    const mixer = readMamba2(config, width, epsilon);
    const types = readHybridTypes(config, sizes.layers, () => 'linear_attention');
    const turned = readRotary(config, sizes);
    const rotary =
      config.has('position_embedding_type') && config.text('position_embedding_type') === 'rope'
        ? turned
        : undefined;
    config.ignore('normalization_function', 'init_method', 'mamba_expand'); // of the trainer
    config.finish();
    const names = ['input_linear', 'output_linear'] as const;

    return {
      description: describeDecoder({
        ...sizes,
        layers: types.map((type) => (type === 'full_attention' ? { kind: 'full' } : MAMBA2_LAYER)),
        ...(rotary === undefined ? {} : { rotary }),
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          ...plan,
          sizes,
          norm: rmsNorm({ size: width, epsilon }),
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, scale }),
          instead: (layer, x) => mamba2(layer.at('mamba'), x, mixer),
          feedForward(layer, x) {
            const dense = fusedGatedFeedForward(layer.at('shared_mlp'), x, { ...shared, names });
            if (experts === 0) return dense;
            const block = layer.at('block_sparse_moe');
            const scores = linear(block, 'router.layer', x, { inputs: width, outputs: experts });
            const best = topExperts(layer.graph, scores, k);
            const choice = { ...best, gates: layer.graph.softmax(best.gates) };
            const stacked = ['input_linear.weight', 'output_linear.weight'] as const;
            const expert = stackedExperts(block, { ...sizes, experts, activation, names: stacked });
            return layer.graph.add(mixture(block, x, choice, { experts, k, width, expert }), dense);
          },
        }),
    };
  },
};
