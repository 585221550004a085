import { readActivation } from '../blocks/activation.ts';
import { mixture, topExperts } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { keptGroups } from '../blocks/grouped-router.ts';
import { latentAttention, readLatentSizes } from '../blocks/latent-attention.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** DeepSeek-AI 2024; transformers/models/deepseek_v2/modeling_deepseek_v2.py. */
export const deepseekV2: Architecture = {
  name: 'DeepSeek-V2',
  modelTypes: ['deepseek_v2'],
  read(raw) {
    const config = readConfig(raw, 'DeepSeek-V2', {
      num_experts: 'n_routed_experts',
      num_local_experts: 'n_routed_experts',
    });
    const defaults = {
      width: 4096,
      heads: 32,
      layers: 32,
      inner: 11_008,
      vocabulary: 102_400,
      context: 2048,
    };
    const sizes = readSizes(config, defaults);
    const { width } = sizes;
    const latent = { queryRank: 1536, keyRank: 512, plain: 128, turned: 64, valueSize: 128 };
    const attention = readLatentSizes(config, sizes, latent);
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('mlp_bias', false);
    const dense = config.integer('first_k_dense_replace', 0, 0);
    const experts = config.integer('n_routed_experts', 64);
    const k = config.integer('num_experts_per_tok');
    const inner = config.integer('moe_intermediate_size', 1407);
    const common = config.integer('n_shared_experts', 2);
    const factor = config.number('routed_scaling_factor', 1);
    const isGrouped = config.choice('topk_method', ['greedy', 'group_limited_greedy'], 'greedy') !== 'greedy';
    const groups = config.nullableInteger('n_group', null) ?? 1;
    const kept = config.nullableInteger('topk_group', null) ?? 1;
    const rotary = readRotary(config, { ...sizes, size: attention.turned, interleaved: true });
    config.only('scoring_func', 'softmax');
    config.only('moe_layer_freq', 1);
    config.ignore('norm_topk_prob', 'pretraining_tp');
    config.finish();

    function experted(layer: LayerScope, x: Value): Value {
      const { graph } = layer;
      const block = layer.at('mlp');
      const scores = graph.softmax(linear(block, 'gate', x, { inputs: width, outputs: experts }));
      const ofGroup = (apart: Value) =>
        graph.op('ReduceMax', [apart, graph.integers([-1])], { keepdims: { int: 0 } });
      const open = isGrouped
        ? graph.multiply(scores, keptGroups(graph, scores, { experts, groups, kept }, ofGroup))
        : scores;
      const best = topExperts(graph, open, k);
      const choice = { ...best, gates: graph.scale(best.gates, factor) };
      const expert = (index: number, rows: Value) =>
        gatedFeedForward(block.at(`experts.${index}`), rows, { width, inner, activation });
      const chosen = mixture(block, x, choice, { experts, k, width, expert });
      const shared = { width, inner: inner * common, activation, bias };
      return graph.add(chosen, gatedFeedForward(block.at('shared_experts'), x, shared));
    }

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attend: (scope, x, turns) => latentAttention(scope, x, attention, turns),
          feedForward: (layer, x) =>
            layer.layer.index < dense
              ? gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias })
              : experted(layer, x),
        }),
    };
  },
};
