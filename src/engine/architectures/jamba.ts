import { readActivation } from '../blocks/activation.ts';
import { mixture, softmaxRouter } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { mamba1 } from '../blocks/mamba1.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { preNorm } from '../blocks/residual.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** AI21 2024: Mamba layers, and now and then one that attends without positions; transformers/models/jamba/modeling_jamba.py. */
export const jamba: Architecture = {
  name: 'Jamba',
  modelTypes: ['jamba'],
  read(raw) {
    const config = readConfig(raw, 'Jamba', { num_local_experts: 'num_experts' });
    const defaults = { width: 4096, heads: 32, shared: 8, layers: 32, inner: 14_336 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 65_536, context: 262_144 });
    const { width } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const [experts, k] = [config.integer('num_experts', 16), config.integer('num_experts_per_tok', 2)];
    const every = (key: string, period: number, offset: number) => {
      const [step, first] = [
        config.integer(`${key}_period`, period),
        config.integer(`${key}_offset`, offset, 0),
      ];
      return (layer: number) => layer % step === first;
    };
    const attends = every('attn_layer', 8, 4);
    const hasExperts = every('expert_layer', 2, 1);
    const state = config.integer('mamba_d_state', 16);
    const isAuto = (raw.mamba_dt_rank ?? 'auto') === 'auto';
    if (isAuto) config.ignore('mamba_dt_rank');
    const rank = isAuto ? Math.ceil(width / 16) : config.integer('mamba_dt_rank');
    const small = rmsNorm({ size: state, epsilon });
    const mixer = {
      width,
      inner: config.integer('mamba_expand', 2) * width,
      state,
      kernel: config.integer('mamba_d_conv', 4),
      rank,
      convolutionBias: config.boolean('mamba_conv_bias', true),
      projectionBias: config.boolean('mamba_proj_bias', false),
      activation,
      norms: { step: rmsNorm({ size: rank, epsilon }), key: small, query: small },
    };
    config.only('sliding_window');
    config.ignore('use_mamba_kernels', 'use_mambapy', 'use_associative_scan', 'mamba_inner_layernorms');
    config.ignore(
      'calc_logits_for_entire_prompt',
      'layers_block_type',
      'layer_types',
      'layers_num_experts',
      'rope_theta',
    );
    config.finish();

    return {
      description: describeDecoder({
        ...sizes,
        layers: Array.from({ length: sizes.layers }, (_, index) =>
          attends(index) ? { kind: 'full' } : { kind: 'none', reason: 'a Mamba state' },
        ),
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: width, epsilon }),
          isTied,
          rotary: () => undefined,
          residual: preNorm(['input_layernorm', 'pre_ff_layernorm']),
          finalNorm: 'final_layernorm',
          instead: (layer, x) => mamba1(layer.at('mamba'), x, mixer),
          feedForward(layer, x) {
            const block = layer.at('feed_forward');
            const sizesOf = { ...sizes, activation };
            if (experts === 1 || !hasExperts(layer.layer.index)) return gatedFeedForward(block, x, sizesOf);
            const choice = softmaxRouter(block, 'router', x, { width, experts, k, normalized: false });
            const expert = (index: number, rows: Value) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, sizesOf);
            return mixture(block, x, choice, { width, experts, k, expert });
          },
        }),
    };
  },
};
