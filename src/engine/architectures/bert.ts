import { readActivation } from '../blocks/activation.ts';
import { addPositions, embedTokens, linear, selectRows } from '../blocks/linear.ts';
import { layerNorm } from '../blocks/normalization.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { divideEvenly, readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder } from './decoder.ts';
import { describeEncoder } from './encoder.ts';

/** What BERT and RoBERTa have in common, but for their defaults. */
export function readBert(config: ConfigReader, defaults: { readonly vocabulary: number }) {
  const width = config.integer('hidden_size', 768);
  const heads = config.integer('num_attention_heads', 12);
  const layers = config.integer('num_hidden_layers', 12);
  const inner = config.integer('intermediate_size', 3072);
  const context = config.integer('max_position_embeddings', 512);
  const vocabulary = config.integer('vocab_size', defaults.vocabulary);
  const types = config.integer('type_vocab_size', 2);
  const activation = readActivation(config, 'hidden_act', 'gelu');
  const norm = layerNorm({ size: width, epsilon: config.number('layer_norm_eps', 1e-12) });
  const isCausal = config.boolean('is_decoder', false);
  config.only('position_embedding_type', 'absolute');
  config.only('tie_word_embeddings', true);
  const size = divideEvenly('hidden_size', width, heads);
  const facts = { width, heads, layers, vocabulary };
  const describe = (limit: number) =>
    isCausal ? describeDecoder({ ...facts, context: limit }) : describeEncoder({ ...facts, context: limit });

  /** @param rows of the position table, `[n]` for all prompts alike, or `[tokens]` */
  function embed(scope: Scope, rows: Value, rowsOf: 'position' | 'token'): Value {
    const { graph } = scope;
    const part = scope.at('embeddings');
    const words = embedTokens(part, 'word_embeddings', vocabulary, width);
    const firstType = selectRows(part, 'token_type_embeddings', graph.integers([0]), [types, width]); // [1, width]
    const positions = selectRows(part, 'position_embeddings', rows, [context, width]);
    const typed = graph.add(words, firstType);
    const summed =
      rowsOf === 'token' ? graph.add(typed, positions) : addPositions(scope, typed, positions, width);
    return norm(part, 'LayerNorm', summed);
  }

  function layer(scope: LayerScope, x: Value): Value {
    const { graph } = scope;
    const names = ['self.query', 'self.key', 'self.value', 'output.dense'] as const;
    const attention = {
      width,
      heads,
      shared: heads,
      size,
      names,
      queryBias: true,
      outputBias: true,
      scale: size ** -0.5,
    };
    const output = selfAttention(scope.at('attention'), x, attention);
    const attended = norm(scope, 'attention.output.LayerNorm', graph.add(x, output));
    const hidden = activation(
      graph,
      linear(scope, 'intermediate.dense', attended, { inputs: width, outputs: inner, bias: true }),
    );
    const down = linear(scope, 'output.dense', hidden, { inputs: inner, outputs: width, bias: true });
    return norm(scope, 'output.LayerNorm', graph.add(attended, down));
  }

  return { width, vocabulary, context, activation, norm, describe, embed, layer };
}

/** Devlin et al. 2019; transformers/models/bert/modeling_bert.py. */
export const bert: Architecture = {
  name: 'BERT',
  modelTypes: ['bert'],
  read(raw) {
    const config = readConfig(raw, 'BERT');
    const { width, vocabulary, context, activation, norm, describe, embed, layer } = readBert(config, {
      vocabulary: 30_522,
    });
    config.ignore('directionality', 'pooler_fc_size', 'pooler_num_attention_heads', 'pooler_num_fc_layers');
    config.ignore('pooler_size_per_head', 'pooler_type', 'do_lower_case');
    config.finish();

    return {
      description: describe(context),
      prefixes: ['bert.', ''],
      build({ self }) {
        const { graph } = self;
        const stream = self.layers('encoder.layer', embed(self, self.sequence.positions, 'position'), layer);
        const head = self.at('cls.predictions');
        if (!head.has('transform.dense.weight')) return undefined; // saved without a head
        return () => {
          const hidden = linear(head, 'transform.dense', stream, {
            inputs: width,
            outputs: width,
            bias: true,
          });
          const normed = norm(head, 'transform.LayerNorm', activation(graph, hidden));
          const logits = linear(self, 'embeddings.word_embeddings', normed, {
            inputs: width,
            outputs: vocabulary,
          });
          return graph.add(logits, head.weight('bias', [vocabulary]));
        };
      },
    };
  },
};
