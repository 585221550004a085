import { readActivation } from '../blocks/activation.ts';
import { mixture, topExperts } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

const ALIASES = { num_experts: 'moe_num_experts', num_experts_per_tok: 'moe_k' };

/** Baidu 2025, with experts; transformers/models/ernie4_5_moe/modeling_ernie4_5_moe.py. */
export const ernie45Moe: Architecture = {
  name: 'ERNIE 4.5 MoE',
  modelTypes: ['ernie4_5_moe'],
  read(raw) {
    const config = readConfig(raw, 'ERNIE 4.5 MoE', ALIASES);
    const size = { width: 2560, heads: 20, shared: 4, layers: 28, inner: 12_288 };
    const sizes = readSizes(config, { ...size, vocabulary: 103_424, context: 131_072 });
    const { width } = sizes;
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const bias = config.boolean('use_bias', false);
    const inner = config.integer('moe_intermediate_size', 1536);
    const [experts, k] = [config.integer('moe_num_experts', 64), config.integer('moe_k', 6)];
    const common = config.integer('moe_num_shared_experts', 2, 0);
    const first = config.integer('moe_layer_start_index', 1, 0);
    const last = config.integer('moe_layer_end_index', -1, -1);
    const every = config.integer('moe_layer_interval', 1);
    const least = config.number('moe_norm_min', 1e-12);
    const rotary = readRotary(config, { ...sizes, theta: 500_000, interleaved: true });
    config.ignore(
      'moe_capacity',
      'moe_use_aux_free',
      'moe_gate',
      'moe_gate_act',
      'compression_ratio',
      'use_rmsnorm',
    );
    config.finish();
    const hasExperts = (index: number) =>
      (index + 1) % every === 0 && index >= first && (last === -1 || index <= last);

    function experted(scope: Scope, x: Value): Value {
      const { graph } = scope;
      const scores = graph.softmax(linear(scope, 'gate', x, { inputs: width, outputs: experts }));
      const correction = scope.weight('moe_statics.e_score_correction_bias', [1, experts]);
      const { experts: chosen } = topExperts(graph, graph.add(scores, correction), k);
      const picked = graph.op('GatherElements', [scores, chosen], { axis: { int: 1 } });
      const gates = graph.divide(picked, graph.op('Max', [graph.sum(picked), graph.floats([least])]));
      const expert = (index: number, rows: Value) =>
        gatedFeedForward(scope.at(`experts.${index}`), rows, { width, inner, activation });
      const output = mixture(scope, x, { experts: chosen, gates }, { experts, k, width, expert });
      if (common === 0) return output;
      const shared = { width, inner: inner * common, activation, bias };
      return graph.add(output, gatedFeedForward(scope.at('shared_experts'), x, shared));
    }

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          ...(bias ? { headBias: 'lm_head' } : {}),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward: (layer, x) =>
            hasExperts(layer.layer.index)
              ? experted(layer.at('mlp'), x)
              : gatedFeedForward(layer.at('mlp'), x, { ...sizes, activation, bias }),
        }),
    };
  },
};
