import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { gatedSum, mixture, throughExperts, topExperts, type Choice } from '../blocks/experts.ts';
import { splitHeads } from '../blocks/heads.ts';
import { linear } from '../blocks/linear.ts';
import { rmsNorm, type Norm } from '../blocks/normalization.ts';
import { readRotary, rotate, type RotaryTables } from '../blocks/rotary.ts';
import { stackedExperts } from '../blocks/stacked-experts.ts';
import { readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { buildLlamaLike } from './llama-like.ts';

/** Shen et al. 2024: experts for queries and outputs, too; transformers/models/jetmoe/modeling_jetmoe.py. */
export const jetMoe: Architecture = {
  name: 'JetMoE',
  modelTypes: ['jetmoe'],
  read(raw) {
    const config = readConfig(raw, 'JetMoE', { head_dim: 'kv_channels' });
    const width = config.integer('hidden_size', 2048);
    const shared = config.integer('num_key_value_heads', 16);
    const size = config.integer('kv_channels', 128);
    const inner = config.integer('intermediate_size', 5632);
    const vocabulary = config.integer('vocab_size', 32_000);
    const layers = config.integer('num_hidden_layers', 12);
    const context = config.integer('max_position_embeddings', 4096);
    const activation = readActivation(config, 'activation_function', 'silu');
    const [experts, k] = [config.integer('num_local_experts', 8), config.integer('num_experts_per_tok', 2)];
    const finalNorm = rmsNorm({ size: width, epsilon: config.number('rms_norm_eps', 1e-6) });
    const isTied = config.boolean('tie_word_embeddings', true);
    const rotary = readRotary(config, { size, context });
    config.ignore('num_attention_heads', 'num_key_value_heads', 'aux_loss_coef'); // heads follow from the experts
    config.finish();
    const heads = shared * k;
    const sizes = { width, heads, shared, size, layers, inner, vocabulary, context };
    const layerNorm = rmsNorm({ size: width, epsilon: 1e-6 });
    const norm: Norm = (scope, name, x) => (name === 'norm' ? finalNorm : layerNorm)(scope, name, x);

    function choose(scope: Scope, x: Value): Choice {
      const scores = linear(scope, 'router.layer', x, { inputs: width, outputs: experts });
      const best = topExperts(scope.graph, scores, k);
      return { ...best, gates: scope.graph.softmax(best.gates) };
    }

    function attention(scope: LayerScope, x: Value, turns: RotaryTables): Value {
      const { graph } = scope;
      const part = scope.at('experts');
      const choice = choose(part, x);
      const matrix = (name: string, index: number, shape: readonly number[], rows: Value) =>
        graph.op('Gemm', [rows, part.part(`${name}.weight`, [experts, ...shape], index)], {
          transB: { int: 1 },
        });
      const perToken = graph.integers([k]);
      const queries = throughExperts(graph, choice.experts, experts, (index, here) => {
        const rows = graph.gather(x, graph.op('Div', [here, perToken]));
        return matrix('input_linear', index, [shared * size, width], rows);
      }); // [tokens * k, shared * size]
      const split = (joint: Value, count: number) => splitHeads(scope, joint, count, size);
      const joint = linear(scope, 'kv_proj', x, { inputs: width, outputs: 2 * shared * size });
      const [keys, values] = graph.split(joint, [shared * size, shared * size]);
      const forEach = (part: Value) =>
        k === 1
          ? part
          : graph.concat(
              Array.from({ length: k }, () => part),
              1,
            );
      const read = attend(scope, {
        query: rotate(graph, split(graph.reshape(queries, [-1, heads * size]), heads), size, turns),
        key: forEach(rotate(graph, split(keys, shared), size, turns)),
        value: forEach(split(values, shared)),
        heads,
        valueSize: size,
        scale: size ** -0.5,
      });
      const byEntry = graph.reshape(read, [-1, shared * size]); // [tokens * k, shared * size]
      const outputs = throughExperts(graph, choice.experts, experts, (index, here) =>
        matrix('output_linear', index, [width, shared * size], graph.gather(byEntry, here)),
      );
      return graph.add(gatedSum(graph, outputs, choice.gates, k, width), part.weight('bias', [width]));
    }

    return {
      description: describeDecoder({ ...sizes, rotary }),
      prefixes: ['model.', ''],
      build: (scopes) =>
        buildLlamaLike(scopes, {
          sizes,
          norm,
          isTied,
          attentionName: 'self_attention',
          rotary: () => rotary,
          attend: attention,
          feedForward(layer, x) {
            const block = layer.at('mlp');
            const names = ['input_linear.weight', 'output_linear.weight'] as const;
            const expert = stackedExperts(block, { width, inner, experts, activation, names });
            const output = mixture(block, x, choose(block, x), { experts, k, width, expert });
            return layer.graph.add(output, block.weight('bias', [width]));
          },
        }),
    };
  },
};
