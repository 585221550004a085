import { readActivation, type Activation } from '../blocks/activation.ts';
import { throughExperts, topExperts } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Meta 2025, the text part; transformers/models/llama4/modeling_llama4.py. */
export const llama4: Architecture = {
  name: 'Llama 4',
  modelTypes: ['llama4_text'],
  read(raw) {
    const config = readConfig(raw, 'Llama 4');
    const width = { width: 5120, heads: 40, shared: 8, size: 128, layers: 48, inner: 8192 };
    const sizes = readSizes(config, { ...width, vocabulary: 202_048, context: 131_072 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const epsilon = config.number('rms_norm_eps', 1e-5);
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const denseInner = config.integer('intermediate_size_mlp', 16_384);
    const [experts, k] = [config.integer('num_local_experts', 16), config.integer('num_experts_per_tok', 1)];
    const step = config.integer('interleave_moe_layer_step', 1);
    const listed = config.numbers('moe_layers');
    const hasExperts = (index: number) => listed?.includes(index) ?? (index + 1) % step === 0;
    const every = config.integer('no_rope_layer_interval', 4);
    const given = config.numbers('no_rope_layers') ?? [];
    const isTurned = (index: number) => (given.length === 0 ? (index + 1) % every !== 0 : given[index] !== 0);
    const chunk = config.integer('attention_chunk_size', 8192);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      isTurned(index) ? 'chunked_attention' : 'full_attention',
    );
    const normalizesHeads = config.boolean('use_qk_norm', true);
    const isTuned = config.boolean('attn_temperature_tuning', true);
    const [floor, growth] = [config.number('floor_scale', 8192), config.number('attn_scale', 0.1)];
    const rotary = readRotary(config, { ...sizes, theta: 500_000, interleaved: true });
    config.ignore('for_llm_compressor');
    config.finish();
    const norm = rmsNorm({ size: sizes.size, epsilon, weight: false });
    const headNorm = { norm, names: ['', ''] as const, afterTurn: true };

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { chunk }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm: rmsNorm({ size: sizes.width, epsilon }),
          isTied,
          rotary: ({ index }) => (isTurned(index) ? rotary : undefined),
          attention: ({ index }, root) => ({
            queryBias: bias,
            outputBias: bias,
            ...(normalizesHeads && isTurned(index) ? { headNorm } : {}),
            ...(isTuned && !isTurned(index) ? { queryScales: temperature(root, floor, growth) } : {}),
          }),
          feedForward: (layer, x) =>
            hasExperts(layer.layer.index)
              ? experted(layer.at('feed_forward'), x, { ...sizes, experts, k, activation })
              : gatedFeedForward(layer.at('feed_forward'), x, { ...sizes, inner: denseInner, activation }),
        }),
    };
  },
};

/** 1 + growth ln(1 + floor((position + 1) / floor)), `[n, 1]`. */
function temperature({ graph, sequence }: Scope, floor: number, growth: number): Value {
  const column = graph.reshape(graph.toFloat(sequence.positions), [-1, 1]);
  const steps = graph.op('Floor', [graph.divide(graph.shift(column, 1), graph.floats([floor]))]);
  return graph.shift(graph.scale(graph.op('Log', [graph.shift(steps, 1)]), growth), 1);
}

interface Experts {
  readonly width: number;
  readonly inner: number;
  readonly experts: number;
  readonly k: number;
  readonly activation: Activation;
}

/** Experts whose gates scale what goes in, beside one that every token goes to. */
function experted(scope: Scope, x: Value, { width, inner, experts, k, activation }: Experts): Value {
  const { graph } = scope;
  const best = topExperts(graph, linear(scope, 'router', x, { inputs: width, outputs: experts }), k);
  const gates = graph.reshape(graph.sigmoid(best.gates), [-1, 1]); // [tokens * k, 1]
  const perToken = graph.integers([k]);
  const outputs = throughExperts(graph, best.experts, experts, (index, here) => {
    const rows = graph.gather(x, graph.op('Div', [here, perToken]));
    const scaled = graph.multiply(rows, graph.gather(gates, here));
    const first = graph.matmul(
      scaled,
      scope.part('experts.gate_up_proj', [experts, width, 2 * inner], index),
    );
    const [gate, up] = graph.split(first, [inner, inner]);
    const hidden = graph.multiply(up, activation(graph, gate));
    return graph.matmul(hidden, scope.part('experts.down_proj', [experts, inner, width], index));
  });
  const summed = graph.op('ReduceSum', [graph.reshape(outputs, [-1, k, width]), graph.integers([1])], {
    keepdims: { int: 0 },
  });
  return graph.add(gatedFeedForward(scope.at('shared_expert'), x, { width, inner, activation }), summed);
}
