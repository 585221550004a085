import { readActivation } from '../blocks/activation.ts';
import { mixture, type Choice } from '../blocks/experts.ts';
import { gatedFeedForward } from '../blocks/feed-forward.ts';
import { linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary, withLengthAmplitudes } from '../blocks/rotary.ts';
import { readConfig } from '../config-reader.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { everyLayer } from './layer-types.ts';
import { buildLlamaLike } from './llama-like.ts';

const LOWEST = -3.4028234663852886e38;

/** Abdin et al. 2024 (Phi-3.5-MoE); transformers/models/phimoe/modeling_phimoe.py. */
export const phimoe: Architecture = {
  name: 'Phi-3.5 MoE',
  modelTypes: ['phimoe'],
  read(raw) {
    const config = readConfig(raw, 'Phi-3.5 MoE');
    const width = { width: 4096, heads: 32, shared: 8, layers: 32, inner: 6400 };
    const sizes = readSizes(config, { ...width, vocabulary: 32_064, context: 131_072 });
    const activation = readActivation(config, 'hidden_act', 'silu');
    const norm = layerNorm({ size: sizes.width, epsilon: config.number('rms_norm_eps', 1e-5) });
    const isTied = config.boolean('tie_word_embeddings', false);
    const bias = config.boolean('attention_bias', false);
    const headBias = config.boolean('lm_head_bias', false);
    const experts = config.integer('num_local_experts', 16);
    const noise = config.number('router_jitter_noise', 0.01);
    const window = config.nullableInteger('sliding_window', null);
    for (const key of ['type', 'rope_type'])
      config.group('rope_scaling')?.only(key, 'default', 'longrope', 'su');
    const rotary = withLengthAmplitudes(readRotary(config, { ...sizes, theta: 1_000_000 }), config);
    config.ignore('num_experts_per_tok', 'input_jitter_noise'); // always two experts; noise is for training
    config.finish();

    return {
      description: describeDecoder({ ...sizes, layers: everyLayer(sizes.layers, window), rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          ...(headBias ? { headBias: 'lm_head' } : {}),
          rotary: () => rotary,
          attention: () => ({ queryBias: bias, outputBias: bias }),
          feedForward(layer, x) {
            const block = layer.at('block_sparse_moe');
            const scores = linear(block, 'gate', x, { inputs: sizes.width, outputs: experts });
            const names = ['w1', 'w3', 'w2'] as const;
            const expert = (index: number, rows: Value) =>
              gatedFeedForward(block.at(`experts.${index}`), rows, { ...sizes, activation, names });
            return mixture(block, x, sparseMixer(layer.graph, scores, noise), {
              ...sizes,
              experts,
              k: 2,
              expert,
            });
          },
        }),
    };
  },
};

/**
 * The best expert and the second, each gated by a softmax over those that come near it (Liu et al. 2023, SparseMixer).
 *
 * @param scores `[tokens, experts]`
 */
function sparseMixer(graph: GraphBuilder, scores: Value, noise: number): Choice {
  const best = (candidates: Value) => {
    const [most, index] = graph.ops('TopK', [candidates, graph.integers([1])], 2) as [Value, Value]; // [tokens, 1]
    const factor = graph.op('Max', [graph.op('Abs', [scores]), most]);
    const distance = graph.divide(graph.subtract(most, scores), factor);
    const isFar = graph.op('Greater', [distance, graph.floats([2 * noise])]);
    const gates = graph.softmax(graph.op('Where', [isFar, graph.floats([LOWEST]), candidates]));
    return { index, gate: graph.op('GatherElements', [gates, index], { axis: { int: 1 } }) };
  };
  const first = best(scores);
  const gone = graph.op('Expand', [graph.floats([LOWEST], [1, 1]), graph.op('Shape', [first.index])]);
  const second = best(graph.op('ScatterElements', [scores, first.index, gone], { axis: { int: 1 } }));
  return {
    experts: graph.concat([first.index, second.index], 1),
    gates: graph.concat([first.gate, second.gate], 1),
  };
}
