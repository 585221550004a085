import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { parallel } from '../blocks/residual.ts';
import { plainRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { GPT2_ALIASES } from './gpt2.ts';

/** Parts that the joint matrix was laid out in, for as many processors. */
const PARTS = 4;

/** Nijkamp et al. 2022; transformers/models/codegen/modeling_codegen.py. */
export const codegen: Architecture = {
  name: 'CodeGen',
  modelTypes: ['codegen'],
  read(raw) {
    const config = readConfig(raw, 'CodeGen', GPT2_ALIASES);
    const width = config.integer('n_embd', 4096);
    const heads = config.integer('n_head', 16);
    const layers = config.integer('n_layer', 28);
    const context = config.integer('n_positions', 2048);
    const vocabulary = config.integer('vocab_size', 50_400);
    const inner = config.integer('n_inner', 4 * width);
    const activation = readActivation(config, 'activation_function', 'gelu_new');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const rotary = plainRotary(10_000, config.integer('rotary_dim', 64), true);
    const embedding = config.boolean('tie_word_embeddings', false) ? 'wte' : 'lm_head';
    config.ignore('scale_attn_weights', 'n_ctx'); // always scaled
    config.ignore('summary_type', 'summary_use_proj', 'summary_activation', 'summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    divideEvenly('n_head', heads, PARTS);
    const mlp = { width, inner, activation, bias: true, names: ['fc_in', 'fc_out'] as const };
    const residual = parallel('ln_1');

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = rotaryTables(self, rotary);
        const stream = self.layers('h', embedTokens(self, 'wte', vocabulary, width), (layer, x) =>
          residual(layer, x, {
            norm,
            attention(source) {
              const scope = layer.at('attn');
              const joint = linear(scope, 'qkv_proj', source, { inputs: width, outputs: 3 * width });
              // Each part holds the queries, the values and the keys of a quarter of the heads.
              const parts = graph.reshape(joint, [-1, PARTS, (3 * width) / PARTS]);
              const [query, value, key] = graph
                .split(parts, [width / PARTS, width / PARTS, width / PARTS])
                .map((part) => splitHeads(scope, graph.reshape(part, [-1, width]), heads, size)) as [
                Value,
                Value,
                Value,
              ];
              const read = attend(scope, {
                query: rotate(graph, query, size, turns),
                key: rotate(graph, key, size, turns),
                value,
                heads,
                valueSize: size,
                scale: 1 / Math.sqrt(size),
                output: outputMatrix(scope, 'out_proj', { heads, size, width }),
              });
              return linear(scope, 'out_proj', read, { inputs: width, outputs: width });
            },
            feedForward: (source) => feedForward(layer.at('mlp'), source, mlp),
          }),
        );
        const head = { norm, normName: 'ln_f', head: embedding, bias: 'lm_head.bias' };
        return unembedding(self, stream, { width, vocabulary, ...head });
      },
    };
  },
};
