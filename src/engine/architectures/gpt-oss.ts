import { mixture, topExperts } from '../blocks/experts.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { readRotary } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { readLayerTypes, seenBy } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

const YARN = { rope_type: 'yarn', factor: 32, truncate: false, original_max_position_embeddings: 4096 };

/** OpenAI 2025; transformers/models/gpt_oss/modeling_gpt_oss.py. */
export const gptOss: Architecture = {
  name: 'gpt-oss',
  modelTypes: ['gpt_oss'],
  read(raw) {
    const scaling = raw.rope_scaling ?? raw.rope_parameters ?? YARN;
    const complete = raw.rope_parameters === undefined ? { ...raw, rope_scaling: scaling } : raw;
    const config = readConfig(complete, 'gpt-oss', { num_experts: 'num_local_experts' });
    const size = { width: 2880, heads: 64, shared: 8, size: 64, layers: 36, inner: 2880 };
    const sizes = readSizes(config, { ...size, vocabulary: 201_088, context: 131_072 });
    const { width, inner } = sizes;
    const norm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', true);
    const experts = config.integer('num_local_experts', 128);
    const k = config.integer('num_experts_per_tok', 4);
    const limit = config.number('swiglu_limit', 7);
    const alpha = config.number('swiglu_alpha', 1.702);
    const window = config.nullableInteger('sliding_window', 128);
    const types = readLayerTypes(config, sizes.layers, (index) =>
      index % 2 === 0 ? 'sliding_attention' : 'full_attention',
    );
    const rotary = readRotary(config, { ...sizes, theta: 150_000 });
    config.ignore('hidden_act', 'initial_context_length', 'experts_per_token'); // other names, and a gate of its own
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: seenBy(types, { window }), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias, hasSinks: true }),
          feedForward(layer, x) {
            const { graph } = layer;
            const scores = linear(layer.at('mlp'), 'router', x, {
              inputs: width,
              outputs: experts,
              bias: true,
            });
            const best = topExperts(graph, scores, k);
            const block = layer.at('mlp.experts');
            const expert = (index: number, rows: Value) => {
              const first = block.part('gate_up_proj', [experts, width, 2 * inner], index);
              const firstBias = block.part('gate_up_proj_bias', [experts, 2 * inner], index);
              const hidden = gate(graph, graph.op('Gemm', [rows, first, firstBias]), inner, { limit, alpha });
              const second = block.part('down_proj', [experts, inner, width], index);
              return graph.op('Gemm', [
                hidden,
                second,
                block.part('down_proj_bias', [experts, width], index),
              ]);
            };
            const choice = { ...best, gates: graph.softmax(best.gates) };
            return mixture(block, x, choice, { experts, k, width, expert });
          },
        }),
    };
  },
};

/** (up + 1) gate sigmoid(alpha gate), both bounded; gates and ups lie in turn, `[m, 2 * inner]`. */
function gate(
  graph: GraphBuilder,
  x: Value,
  inner: number,
  { limit, alpha }: { readonly limit: number; readonly alpha: number },
): Value {
  const pairs = graph.reshape(x, [-1, inner, 2]);
  const [gates, ups] = graph.split(pairs, [1, 1]).map((part) => graph.reshape(part, [-1, inner])) as [
    Value,
    Value,
  ];
  const bounded = graph.op('Clip', [gates, '', graph.floats([limit])]);
  const up = graph.op('Clip', [ups, graph.floats([-limit]), graph.floats([limit])]);
  const glu = graph.multiply(bounded, graph.sigmoid(graph.scale(bounded, alpha)));
  return graph.multiply(graph.shift(up, 1), glu);
}
