import { mixture, topExperts } from '../blocks/experts.ts';
import { linear } from '../blocks/linear.ts';
import { isMxfp4, mxfp4 } from '../blocks/mxfp4.ts';
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
          feedForward(layer, stream) {
            const { graph } = layer;
            const scores = linear(layer.at('mlp'), 'router', stream, {
              inputs: width,
              outputs: experts,
              bias: true,
            });
            const best = topExperts(graph, scores, k);
            const block = layer.at('mlp.experts');
            // As PyTorch's parameters, [inputs, outputs], or packed the other way round.
            const apply = (name: string, index: number, x: Value, inputs: number, outputs: number) => {
              const isPacked = isMxfp4(block, name);
              const weight = isPacked
                ? mxfp4(block, name, index, { experts, outputs, inputs })
                : block.part(name, [experts, inputs, outputs], index);
              const bias = block.part(`${name}_bias`, [experts, outputs], index);
              return graph.op('Gemm', [x, weight, bias], { transB: { int: isPacked ? 1 : 0 } });
            };
            const expert = (index: number, rows: Value) => {
              const first = apply('gate_up_proj', index, rows, width, 2 * inner);
              return apply('down_proj', index, gate(graph, first, inner, { limit, alpha }), inner, width);
            };
            const choice = { ...best, gates: graph.softmax(best.gates) };
            return mixture(block, stream, choice, { experts, k, width, expert });
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
