import { readActivation } from '../blocks/activation.ts';
import { alibiBias, alibiSlopes, toBfloat16 } from '../blocks/alibi.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { readRotary, rotaryTables, rotate } from '../blocks/rotary.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

/** Almazrouei et al. 2023; transformers/models/falcon/modeling_falcon.py. */
export const falcon: Architecture = {
  name: 'Falcon',
  modelTypes: ['falcon'],
  read(raw) {
    const config = readConfig(raw, 'Falcon', { n_embed: 'hidden_size' });
    const width = config.integer('hidden_size', 4544);
    const heads = config.integer('num_attention_heads', 71);
    const layers = config.integer('num_hidden_layers', 32);
    const vocabulary = config.integer('vocab_size', 65_024);
    const inner = config.integer('ffn_hidden_size', 4 * width);
    const limit = config.integer('max_position_embeddings', 2048);
    const activation = readActivation(config, 'activation', 'gelu');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const bias = config.boolean('bias', false);
    const hasAlibi = config.boolean('alibi', false);
    const isNew = config.boolean('new_decoder_architecture', false);
    const isMultiQuery = config.boolean('multi_query', true);
    const isParallel = config.boolean('parallel_attn', true) || isNew;
    const norms = config.integer('num_ln_in_parallel_attn', isNew ? 2 : 1);
    const newShared = config.integer('num_kv_heads', heads);
    const head = config.boolean('tie_word_embeddings', true) ? 'word_embeddings' : 'lm_head';
    const size = divideEvenly('hidden_size', width, heads);
    const rotary = readRotary(config, { size, context: limit });
    config.only('apply_residual_connection_post_layernorm', false);
    config.ignore('ff_factor', 'rotary');
    config.finish();
    const shared = isNew ? newShared : isMultiQuery ? 1 : heads;
    const group = divideEvenly('num_attention_heads', heads, shared); // query heads a key head
    const context = hasAlibi ? null : limit;

    return {
      description: describeDecoder({ width, vocabulary, context, heads, layers, rotary }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const { graph } = self;
        const turns = rotaryTables(self, rotary);
        const slopes = toBfloat16(alibiSlopes(heads)).map((slope) => slope / Math.sqrt(size));
        const alibi = hasAlibi ? alibiBias(self, slopes) : undefined;
        const stream = self.layers(
          'h',
          embedTokens(self, 'word_embeddings', vocabulary, width),
          (layer, x) => {
            const scope = layer.at('self_attention');
            const source = norm(layer, isNew && norms === 2 ? 'ln_attn' : 'input_layernorm', x);
            const outputs = (heads + 2 * shared) * size;
            const joint = linear(scope, 'query_key_value', source, { inputs: width, outputs, bias });
            // Each key head lies with its value and the queries that share it.
            const byKey = graph.reshape(joint, [-1, shared, (group + 2) * size]);
            const [queries, keys, values] = graph.split(byKey, [group * size, size, size]);
            const split = (part: typeof x, count: number) =>
              splitHeads(scope, graph.reshape(part, [-1, count * size]), count, size);
            const turn = (part: typeof x) => (hasAlibi ? part : rotate(graph, part, size, turns));
            const query = turn(split(queries, heads));
            const key = turn(split(keys, shared));
            const scale = 1 / Math.sqrt(size);
            const inputs = { query, key, value: split(values, shared), heads, shared, valueSize: size };
            const through = outputMatrix(scope, 'dense', { heads, size, width });
            const read = attend(scope, { ...inputs, scale, bias: alibi, output: through });
            const output = linear(scope, 'dense', read, { inputs: width, outputs: width, bias });
            const attended = graph.add(x, output);
            const parallelSource = isNew && norms === 2 ? norm(layer, 'ln_mlp', x) : source;
            const normed = isParallel ? parallelSource : norm(layer, 'post_attention_layernorm', attended);
            const names = ['dense_h_to_4h', 'dense_4h_to_h'] as const;
            return graph.add(
              attended,
              feedForward(layer.at('mlp'), normed, { width, inner, activation, bias, names }),
            );
          },
        );
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'ln_f', head });
      },
    };
  },
};
