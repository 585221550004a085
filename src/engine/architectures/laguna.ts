import { readActivation } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readSectionRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';
import { readSparseTypes } from './routed-experts.ts';

const SECTIONS = {
  full_attention: { rope_theta: 500_000, partial_rotary_factor: 0.5 },
  sliding_attention: { rope_theta: 10_000 },
};

/** Poolside 2026; transformers/models/laguna/modeling_laguna.py. */
export const laguna: Architecture = {
  name: 'Laguna',
  modelTypes: ['laguna'],
  read(raw) {
    const config = readConfig({ ...raw, rope_parameters: raw.rope_parameters ?? SECTIONS }, 'Laguna');
    const width = { width: 2048, heads: 48, shared: 8, size: 128, layers: 40, inner: 8192 };
    const sizes = readSizes(config, { ...width, vocabulary: 100_352, context: 131_072 });
    const { heads, size } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-6);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const window = config.nullableInteger('sliding_window', 512);
    const types = readLayerTypes(config, sizes.layers, () => 'full_attention');
    const isSparse = readSparseTypes(config, sizes.layers, (index) => index > 0);
    const [experts, k] = [config.integer('num_experts', 256), config.integer('num_experts_per_tok', 8)];
    const inner = config.integer('moe_intermediate_size', 512);
    const sharedInner = config.integer('shared_expert_intermediate_size', 512);
    const cap = config.number('moe_router_logit_softcapping', 0);
    const factor = config.number('moe_routed_scaling_factor', 1);
    const isPerHead = raw.gating === undefined || raw.gating === true || raw.gating === 'per-head';
    if (!isPerHead) config.only('gating', false, 'per-element');
    // One pack holds as many heads a layer: models whose layers differ are not read.
    if (config.numbers('num_attention_heads_per_layer')?.every((count) => count === heads) === false) {
      config.only('num_attention_heads_per_layer');
    }
    const rotary = readSectionRotary(config, sizes.context, () => size);
    config.only('moe_apply_router_weight_on_input', false);
    config.ignore('gating');
    config.finish();
    const routing = {
      experts,
      k,
      groups: 1,
      kept: 1,
      normalized: true,
      factor,
      correction: 'experts.e_score_correction_bias',
    };
    const headNorm = { norm: rmsNorm({ size, epsilon }), names: ['q_norm', 'k_norm'] as const };

    function gate(scope: Scope, read: Value, x: Value): Value {
      const { graph } = scope;
      const outputs = isPerHead ? heads : heads * size;
      const opened = graph.op('Softplus', [linear(scope, 'g_proj', x, { inputs: sizes.width, outputs })]);
      if (!isPerHead) return graph.multiply(read, opened);
      const byHead = graph.multiply(
        graph.reshape(read, [-1, heads, size]),
        graph.reshape(opened, [-1, heads, 1]),
      );
      return graph.reshape(byHead, [-1, heads * size]);
    }

    return {
      description: describeDecoder({
        ...sizes,
        layers: seenBy(types, { window }),
        rotary: rotary('full_attention'),
      }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: ({ index }) => rotary(types[index] ?? 'full_attention'),
          attention: () => ({ queryBias: bias, outputBias: bias, headNorm, beforeOutput: gate }),
          feedForward(layer, x) {
            const block = layer.at('mlp');
            if (!isSparse(layer.layer.index)) return gatedFeedForward(block, x, { ...sizes, activation });
            const choice = sigmoidRouter(block, 'gate', x, {
              ...sizes,
              ...routing,
              cap: cap > 0 ? cap : undefined,
            });
            const expert = (index: number, rows: Value) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { ...sizes, inner, activation });
            const chosen = mixture(block, x, choice, { ...sizes, experts, k, expert });
            const shared = gatedFeedForward(block.at('shared_expert'), x, {
              ...sizes,
              inner: sharedInner,
              activation,
            });
            return layer.graph.add(chosen, shared);
          },
        }),
    };
  },
};
