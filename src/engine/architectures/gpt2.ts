import { readActivation } from '../blocks/activation.ts';
import { attend } from '../blocks/attention.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { outputMatrix } from '../blocks/head-extras.ts';
import { splitHeads } from '../blocks/heads.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';

/** Other names that transformers gives to keys of GPT-2 and what came from it. */
export const GPT2_ALIASES = {
  hidden_size: 'n_embd',
  max_position_embeddings: 'n_positions',
  num_attention_heads: 'n_head',
  num_hidden_layers: 'n_layer',
};

/** Radford et al. 2019; transformers/models/gpt2/modeling_gpt2.py. */
export const gpt2: Architecture = {
  name: 'GPT-2',
  modelTypes: ['gpt2'],
  read(raw) {
    const config = readConfig(raw, 'GPT-2', GPT2_ALIASES);
    const width = config.integer('n_embd', 768);
    const heads = config.integer('n_head', 12);
    const layers = config.integer('n_layer', 12);
    const context = config.integer('n_positions', 1024);
    const vocabulary = config.integer('vocab_size', 50_257);
    const inner = config.integer('n_inner', 4 * width);
    const activation = readActivation(config, 'activation_function', 'gelu_new');
    const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_epsilon', 1e-5) });
    const isScaled = config.boolean('scale_attn_weights', true);
    const kinds = ['multihead', 'multiquery'] as const;
    const isMultiQuery = config.choice('attention_head_type', kinds, 'multihead') === 'multiquery';
    const isScaledByLayer = config.boolean('scale_attn_by_inverse_layer_idx', false);
    const head = config.boolean('tie_word_embeddings', true) ? 'wte' : 'lm_head';
    config.ignore(
      'n_ctx',
      'reorder_and_upcast_attn',
      'summary_type',
      'summary_use_proj',
      'summary_activation',
    );
    config.ignore('summary_proj_to_labels');
    config.finish();
    const size = divideEvenly('n_embd', width, heads);
    const shared = isMultiQuery ? 1 : heads;

    /** Queries, keys and values, from one matrix or, where all heads share a key, from two (SantaCoder). */
    function project(scope: Scope, x: Value): readonly [Value, Value, Value] {
      const apply = (name: string, outputs: number) =>
        linear(scope, name, x, { inputs: width, outputs, bias: true, transposed: true });
      if (!isMultiQuery) return scope.graph.split(apply('c_attn', 3 * width), [width, width, width]);
      return [apply('q_attn', width), ...scope.graph.split(apply('kv_attn', 2 * size), [size, size])];
    }

    return {
      description: describeDecoder({
        width,
        vocabulary,
        context,
        heads,
        layers,
      }),
      prefixes: ['transformer.', ''],
      build({ self }) {
        const { graph, sequence } = self;
        const positions = selectRows(self, 'wpe', sequence.positions, [context, width]);
        const start = addPositions(self, embedTokens(self, 'wte', vocabulary, width), positions, width);
        const stream = self.layers('h', start, (layer, x) => {
          const attention = layer.at('attn');
          const sizes = { inputs: width, outputs: width, bias: true, transposed: true };
          const [query, key, value] = project(attention, norm(layer, 'ln_1', x));
          const read = attend(attention, {
            query: splitHeads(layer, query, heads, size),
            key: splitHeads(layer, key, shared, size),
            value: splitHeads(layer, value, shared, size),
            heads,
            shared,
            valueSize: size,
            scale: (isScaled ? 1 / Math.sqrt(size) : 1) / (isScaledByLayer ? layer.layer.index + 1 : 1),
            output: outputMatrix(attention, 'c_proj', { heads, size, width, transposed: true }),
          });
          const attended = graph.add(x, linear(attention, 'c_proj', read, sizes));
          const names = ['c_fc', 'c_proj'] as const;
          const mlp = { width, inner, activation, bias: true, transposed: true, names };
          return graph.add(attended, feedForward(layer.at('mlp'), norm(layer, 'ln_2', attended), mlp));
        });
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'ln_f', head });
      },
    };
  },
};
